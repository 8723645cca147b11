import Foundation
import SwiftletGraph
import SwiftletRuntime

/// The function that an int8 table was made from, which no file names: found by its values.
package struct TableFunction {
    /// An entry: the function's argument and its value, to half a step unless it is at an end of the output grid.
    private struct Point {
        let x: Double
        let y: Double
        let isAtEnd: Bool
    }

    private let operation: OperatorDescription
    private let input: TensorDescription
    private let output: TensorDescription

    /// Of all entries, how many may be a step off: values half way between two steps, which another exponential rounds otherwise; and more
    /// where constants are known to a fraction of a step.
    private static let (strayShare, fittedStrayShare) = (0.01, 0.25)

    /// - Parameters:
    ///   - operation: a table's operator.
    ///   - input: shape and grid of what it reads.
    ///   - output: shape and grid of what it writes.
    package init(_ operation: OperatorDescription, input: TensorDescription, output: TensorDescription) {
        (self.operation, self.input, self.output) = (operation, input, output)
    }

    /// The activation whose values these are; nil: none that is known.
    package func activation() -> Activation? {
        TableFunction.constants.first { matches($0, strays: TableFunction.strayShare) }
            ?? fitted().first { matches($0, strays: TableFunction.fittedStrayShare) }
    }

    /// Channels that have a row of their own.
    private var rows: Int { operation.table.count / 256 }

    private static let constants: [Activation] = [
        .hardSwish, .hardSigmoid(slope: 1 / 6, offset: 0.5), .hardSigmoid(slope: 0.2, offset: 0.5), .sigmoid,
        .swish, .tanh, .softplus, .mish, .gelu, .geluTanh, .leakyRelu(slope: 0.01), .leakyRelu(slope: 0.1), .elu(scale: 1),
    ]

    /// Those that have constants, with what fits the entries best. ReLU is a clip whose upper end is the grid's.
    private func fitted() -> [Activation] {
        let points = points()
        let inside = points.filter { !$0.isAtEnd }
        let negative = inside.filter { $0.x < 0 }
        var found: [Activation] = []
        if let low = points.map(\.y).min(), let high = points.map(\.y).max() { found.append(.clip(low: Float(low), high: Float(high))) }
        if let slope = quotient(negative, by: { $0 }) { found.append(.leakyRelu(slope: slope)) }
        if let scale = quotient(negative, by: expm1) { found.append(.elu(scale: scale)) }
        if let line = line(inside.filter { $0.y > 0 && $0.y < 1 }) { found.append(line) }
        if let below = points.filter({ $0.y == 0 }).map(\.x).max(), let above = points.filter({ $0.y != 0 }).map(\.x).min() {
            found.append(.thresholdedRelu(threshold: Float((below + above) / 2)))
        }
        return found
    }

    private func points() -> [Point] {
        operation.table.enumerated().map { index, value in
            let channel = index / 256
            let y = Double(Int(value) - 128 - output.zero(channel)) * Double(output.scale(channel))
            return Point(x: argument(index), y: y, isAtEnd: value == 0 || value == 255)
        }
    }

    private func argument(_ index: Int) -> Double {
        Double(index % 256 - 128 - input.zero(index / 256)) * Double(input.scale(index / 256))
    }

    /// The factor of least squares that makes y of a function of x; nil where there are no points.
    private func quotient(_ points: [Point], by function: (Double) -> Double) -> Float? {
        let (sum, squares) = points.reduce((0.0, 0.0)) { ($0.0 + $1.y * function($1.x), $0.1 + function($1.x) * function($1.x)) }
        return squares > 0 ? Float(sum / squares) : nil
    }

    /// The hard-sigmoid whose slope is the line of least squares through `points`.
    private func line(_ points: [Point]) -> Activation? {
        guard points.count >= 2 else { return nil }
        let count = Double(points.count)
        let (x, y) = (points.reduce(0) { $0 + $1.x } / count, points.reduce(0) { $0 + $1.y } / count)
        let spread = points.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
        let slope = points.reduce(0) { $0 + ($1.x - x) * ($1.y - y) } / spread
        guard spread > 0, Float(slope).isNormal else { return nil }
        return .hardSigmoid(slope: Float(slope), offset: Float(y - slope * x))
    }

    private func matches(_ activation: Activation, strays share: Double) -> Bool {
        var strays = 0
        for index in operation.table.indices {
            let channel = index / 256
            let q = (activation.apply(argument(index)) / Double(output.scale(channel))).rounded(.toNearestOrEven)
            let expected = max(0, min(255, q + Double(output.zero(channel) + 128)))
            let distance = abs(expected - Double(operation.table[index]))
            guard distance <= 1 else { return false }
            if distance > 0 { strays += 1 }
        }
        return Double(strays) <= share * Double(operation.table.count)
    }
}
