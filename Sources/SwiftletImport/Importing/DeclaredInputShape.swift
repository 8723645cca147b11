import SwiftletGraph

/// The shape that a file declares for its input. The first extent is the batch, whatever it says; pictures may come as NCHW or NHWC.
struct DeclaredInputShape {
    enum Problem: Error {
        case unsupported(String)
        case malformed(String)
        /// Height and width are left open, and nobody gave them.
        case sizeNeeded(shape: String)
    }

    /// nil: left open.
    let sizes: [Int?]

    /// The number of pictures that the model takes at once; nil when that is open.
    var batch: Int? { sizes.first ?? nil }

    /// Fills in height and width where the file leaves them open.
    func resolved(_ size: (height: Int, width: Int)?) throws(Problem) -> Shape {
        guard [2, 4].contains(sizes.count) else {
            throw .unsupported("its input has \(sizes.count) axes instead of 4 (pictures) or 2 (vectors)")
        }
        var result = sizes
        if sizes.count == 4 {
            let (height, width) = isChannelsLast ? (1, 2) : (2, 3)
            for (axis, given) in [(height, size?.height), (width, size?.width)] {
                guard let given = given ?? sizes[axis] else { throw .sizeNeeded(shape: description) }
                guard sizes[axis] == nil || sizes[axis] == given else {
                    throw .unsupported("its input is fixed at \(sizes[height] ?? 0)x\(sizes[width] ?? 0)")
                }
                result[axis] = given
            }
        }
        var dimensions: [Dimension] = [.batch]
        for extent in result.dropFirst() {
            guard let extent else { throw .unsupported("its input \(description) leaves the channels open") }
            guard extent > 0, extent <= Window.limit else { throw .malformed("its input has an extent of \(extent)") }
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
