import SwiftletGraph

/// The shape that a file declares for its input, a map's as [N, C, H, W].
struct TFLiteInput {
    /// Whether pictures come as [N, H, W, C], as all do but those of converters that keep PyTorch's order.
    let isChannelsLast: Bool
    /// Whether the values are integers that stand for themselves: pixels.
    let holdsIntegers: Bool
    private let declared: DeclaredInputShape
    /// How many pictures a run takes; nil when that is open.
    let batch: Int?

    init(_ tensor: TFLiteTensor) throws(TFLiteProblem) {
        guard let element = tensor.element, element.isFloat || element.isActivation else {
            throw .unsupported("its input '\(tensor.name)' has the element type \(tensor.elementNumber)")
        }
        holdsIntegers = element.isFloat ? false : try tensor.grid() == nil
        let sizes = tensor.statedShape.map { $0 > 0 ? $0 : nil }
        let pictureChannels: Set<Int?> = [1, 3, 4]
        isChannelsLast = sizes.count == 4 && (pictureChannels.contains(sizes[3]) || !pictureChannels.contains(sizes[1]))
        declared = DeclaredInputShape(sizes: isChannelsLast ? [sizes[0], sizes[3], sizes[1], sizes[2]] : sizes)
        // What is left open, the shape has as 1.
        batch = tensor.shape.first.flatMap { $0 > 0 ? $0 : nil }
    }

    /// Fills in height and width where the file leaves them open.
    func shape(_ size: (height: Int, width: Int)?) throws(TFLiteProblem) -> Shape {
        do throws(DeclaredInputShape.Problem) {
            return try declared.resolved(size)
        } catch {
            switch error {
            case .unsupported(let reason): throw .unsupported(reason)
            case .malformed(let reason): throw .malformed(reason)
            case .sizeNeeded(let shape): throw .sizeNeeded(shape: shape)
            }
        }
    }
}
