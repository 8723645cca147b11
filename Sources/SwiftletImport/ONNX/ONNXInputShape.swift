import SwiftletGraph

/// The shape that a file declares for its input. The first extent is the batch, whatever it says; pictures may come as NCHW or NHWC.
struct ONNXInputShape {
    /// nil: left open.
    private let sizes: [Int?]
    private let file: String
    /// Its elements are integers that pixels come as: all types but int8, which holds quantized values.
    let holdsIntegers: Bool

    /// TensorProto's numbers of uint8, uint16, int16, int32, int64, uint32 and uint64.
    private static let integerTypes: Set<Int32> = [2, 4, 5, 6, 7, 12, 13]

    init(_ input: ONNX_ValueInfoProto, file: String) throws(ONNXError) {
        self.file = file
        guard input.type.hasTensorType, input.type.tensorType.hasShape else {
            throw .unsupportedModel(file: file, reason: "its input '\(input.name)' has no shape")
        }
        holdsIntegers = Self.integerTypes.contains(input.type.tensorType.elemType)
        sizes = input.type.tensorType.shape.dim.map { dimension in
            dimension.dimValue > 0 ? Int(dimension.dimValue) : nil
        }
    }

    /// The number of pictures that the model takes at once; nil when that is open.
    var batch: Int? { sizes.first ?? nil }

    /// Fills in height and width where the file leaves them open.
    func resolved(_ size: (height: Int, width: Int)?) throws(ONNXError) -> Shape {
        guard [2, 4].contains(sizes.count) else {
            throw .unsupportedModel(file: file, reason: "its input has \(sizes.count) axes instead of 4 (pictures) or 2 (vectors)")
        }
        var result = sizes
        if sizes.count == 4 {
            let (height, width) = isChannelsLast ? (1, 2) : (2, 3)
            for (axis, given) in [(height, size?.height), (width, size?.width)] {
                guard let given = given ?? sizes[axis] else { throw .inputSizeNeeded(file: file, shape: description) }
                guard sizes[axis] == nil || sizes[axis] == given else {
                    throw .unsupportedModel(file: file, reason: "its input is fixed at \(sizes[height] ?? 0)x\(sizes[width] ?? 0)")
                }
                result[axis] = given
            }
        }
        var dimensions: [Dimension] = [.batch]
        for extent in result.dropFirst() {
            guard let extent else { throw .unsupportedModel(file: file, reason: "its input \(description) leaves the channels open") }
            guard extent > 0, extent <= Window.limit else { throw .malformed(file: file, reason: "its input has an extent of \(extent)") }
            dimensions.append(.fixed(extent))
        }
        return Shape(dimensions)
    }

    private var isChannelsLast: Bool {
        let pictureChannels: Set<Int?> = [1, 3, 4]
        return pictureChannels.contains(sizes[3]) && !pictureChannels.contains(sizes[1])
    }

    private var description: String {
        "[" + sizes.map { $0.map(String.init) ?? "?" }.joined(separator: ", ") + "]"
    }
}
