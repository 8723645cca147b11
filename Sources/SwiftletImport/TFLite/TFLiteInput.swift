import SwiftletGraph

/// The shape that a file declares for its input, a map's as [N, C, H, W]. The first extent is the batch, whatever it says.
struct TFLiteInput {
    /// Whether pictures come as [N, H, W, C], as all do but those of converters that keep PyTorch's order.
    let isChannelsLast: Bool
    /// The number of pictures that the model takes at once; nil when that is open.
    let batch: Int?
    /// nil: left open.
    private let sizes: [Int?]

    init(_ tensor: TFLiteTensor) throws(TFLiteProblem) {
        guard let element = tensor.element, element.isFloat || element.isActivation else {
            throw .unsupported("its input '\(tensor.name)' has the element type \(tensor.elementNumber)")
        }
        let declared = tensor.signature.count == tensor.shape.count ? tensor.signature : tensor.shape
        let sizes = declared.map { $0 > 0 ? $0 : nil }
        guard [2, 4].contains(sizes.count) else {
            throw .unsupported("its input has \(sizes.count) axes instead of 4 (pictures) or 2 (vectors)")
        }
        let pictureChannels: Set<Int?> = [1, 3, 4]
        isChannelsLast = sizes.count == 4 && (pictureChannels.contains(sizes[3]) || !pictureChannels.contains(sizes[1]))
        batch = tensor.shape[0] > 0 ? tensor.shape[0] : nil
        self.sizes = isChannelsLast ? [sizes[0], sizes[3], sizes[1], sizes[2]] : sizes
    }

    /// Fills in height and width where the file leaves them open.
    func shape(_ size: (height: Int, width: Int)?) throws(TFLiteProblem) -> Shape {
        var result = sizes
        if sizes.count == 4, let size {
            let isFixed = (sizes[2] ?? size.height, sizes[3] ?? size.width) != (size.height, size.width)
            guard !isFixed else { throw .unsupported("its input is fixed at \(text(sizes[2]))x\(text(sizes[3]))") }
            (result[2], result[3]) = (size.height, size.width)
        }
        if sizes.count == 4, result[2] == nil || result[3] == nil { throw .sizeNeeded(shape: description) }
        var dimensions: [Dimension] = [.batch]
        for extent in result.dropFirst() {
            guard let extent else { throw .unsupported("its input \(description) leaves the channels open") }
            guard extent <= Window.limit else { throw .malformed("its input has an extent of \(extent)") }
            dimensions.append(.fixed(extent))
        }
        return Shape(dimensions)
    }

    private func text(_ size: Int?) -> String { size.map(String.init) ?? "?" }

    private var description: String { "[" + sizes.map(text).joined(separator: ", ") + "]" }
}
