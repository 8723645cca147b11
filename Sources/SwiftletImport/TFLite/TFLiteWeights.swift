/// Weights of the file, and the order that an operator has them in.
struct TFLiteWeights: Hashable {
    enum Form {
        /// [outputs, height, width, inputs]
        case convolution
        /// [1, height, width, outputs]
        case depthwise
        /// [outputs, inputs]
        case pointwise

        /// [outputs, inputs per group, height, width]; nil for weights of another shape.
        func shape(_ shape: [Int]) -> [Int]? {
            switch self {
            case .convolution: shape.count == 4 ? [shape[0], shape[3], shape[1], shape[2]] : nil
            case .depthwise: shape.count == 4 && shape[0] == 1 ? [shape[3], 1, shape[1], shape[2]] : nil
            case .pointwise: shape.count == 2 ? shape + [1, 1] : nil
            }
        }

        /// The same as a transposition; nil where it takes more than one.
        var permutation: [Int]? {
            switch self {
            case .convolution: [0, 3, 1, 2]
            case .depthwise: [3, 0, 1, 2]
            case .pointwise: nil
            }
        }

        /// `numbers`, which have a shape that `shape` takes, in the order that it gives them.
        func arranged(_ numbers: [Float], _ shape: [Int]) -> [Float] {
            // Of one position, the orders are the same.
            guard self != .pointwise, shape[1] * shape[2] > 1 else { return numbers }
            let (positions, channels) = (shape[1] * shape[2], shape[3])
            var result: [Float] = []
            result.reserveCapacity(numbers.count)
            for output in 0..<shape[0] {
                for channel in 0..<channels {
                    for position in 0..<positions { result.append(numbers[(output * positions + position) * channels + channel]) }
                }
            }
            return result
        }
    }

    let tensor: Int
    let form: Form
}
