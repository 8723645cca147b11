import Foundation

extension BinaryOperator {
    /// Gives integers, 0 or 1, whatever the operands are.
    var isPredicate: Bool {
        switch self {
        case .equal, .less, .lessOrEqual, .greater, .greaterOrEqual, .and, .or, .exclusiveOr: true
        default: false
        }
    }

    /// What a predicate says of two numbers; false for other operators.
    func holds<Number: Comparable & Numeric>(_ x: Number, _ y: Number) -> Bool {
        switch self {
        case .equal: x == y
        case .less: x < y
        case .lessOrEqual: x <= y
        case .greater: x > y
        case .greaterOrEqual: x >= y
        case .and: x != 0 && y != 0
        case .or: x != 0 || y != 0
        case .exclusiveOr: (x != 0) != (y != 0)
        default: false
        }
    }

    func float(_ x: Float, _ y: Float) -> Float {
        switch self {
        case .add: x + y
        case .subtract: x - y
        case .multiply: x * y
        case .divide: x / y
        case .minimum: min(x, y)
        case .maximum: max(x, y)
        case .power: Float(pow(Double(x), Double(y)))
        case .modulo: x - y * (x / y).rounded(.down)
        case .remainder: fmodf(x, y)
        default: holds(x, y) ? 1 : 0
        }
    }

    /// nil where the batch would have to be calculated with, at overflow, and at a division by zero. The batch is some number above 0.
    func integer(_ a: Dimension, _ b: Dimension) -> Dimension? {
        guard let x = a.size, let y = b.size else { return symbolic(a, b) }
        if isPredicate { return .fixed(holds(x, y) ? 1 : 0) }
        let result: (partialValue: Int, overflow: Bool)
        switch self {
        case .add: result = x.addingReportingOverflow(y)
        case .subtract: result = x.subtractingReportingOverflow(y)
        case .multiply: result = x.multipliedReportingOverflow(by: y)
        case .divide: result = x.dividedReportingOverflow(by: y)
        case .minimum: result = (min(x, y), false)
        case .maximum: result = (max(x, y), false)
        case .power:
            guard let power = Int(exactly: pow(Double(x), Double(y)).rounded(.towardZero)) else { return nil }
            result = (power, false)
        case .remainder: result = x.remainderReportingOverflow(dividingBy: y)
        case .modulo:
            result = x.remainderReportingOverflow(dividingBy: y)
            if !result.overflow, result.partialValue != 0, (result.partialValue < 0) != (y < 0) { return .fixed(result.partialValue + y) }
        default: return nil
        }
        return result.overflow ? nil : .fixed(result.partialValue)
    }

    /// With the batch on one side or on both.
    private func symbolic(_ a: Dimension, _ b: Dimension) -> Dimension? {
        switch self {
        case .multiply: return a == 1 ? b : b == 1 ? a : a == 0 || b == 0 ? 0 : nil
        case .divide: return b == 1 ? a : nil
        case .add: return a == 0 ? b : b == 0 ? a : nil
        case .subtract: return b == 0 ? a : nil
        case .maximum: return a == b ? a : (a.size ?? b.size).flatMap { $0 <= 1 ? .batch : nil }
        case .minimum: return a == b ? a : (a.size ?? b.size).flatMap { $0 <= 1 ? .fixed($0) : nil }
        case .equal: return a == b ? 1 : (a.size ?? b.size).flatMap { $0 < 1 ? 0 : nil }
        case .greater: return b.size.flatMap { $0 < 1 ? 1 : nil }
        case .less: return a.size.flatMap { $0 < 1 ? 1 : nil }
        case .greaterOrEqual: return b.size.flatMap { $0 <= 1 ? 1 : nil }
        case .lessOrEqual: return a.size.flatMap { $0 <= 1 ? 1 : nil }
        case .and, .or, .exclusiveOr, .power, .modulo, .remainder: return nil
        }
    }
}

extension UnaryOperator {
    /// nil at overflow, and for functions that integers do not have.
    func integer(_ x: Int) -> Int? {
        switch self {
        case .negative: x == Int.min ? nil : -x
        case .absolute: x == Int.min ? nil : abs(x)
        case .sign: x.signum()
        case .not: x == 0 ? 1 : 0
        case .truth: x == 0 ? 0 : 1
        case .floor, .ceiling, .rounded: x
        default: nil
        }
    }

    func float(_ x: Double) -> Double {
        switch self {
        case .negative: -x
        case .absolute: abs(x)
        case .sign: x > 0 ? 1 : x < 0 ? -1 : 0
        case .reciprocal: 1 / x
        case .squareRoot: x.squareRoot()
        case .exponential: exp(x)
        case .logarithm: log(x)
        case .errorFunction: erf(x)
        case .floor: x.rounded(.down)
        case .ceiling: x.rounded(.up)
        case .rounded: x.rounded(.toNearestOrEven)
        case .sine: sin(x)
        case .cosine: cos(x)
        case .not: x == 0 ? 1 : 0
        case .truth: x == 0 ? 0 : 1
        }
    }
}

extension Reduction {
    /// `value` taken into what there is so far; nil at overflow, and for reductions that integers do not have.
    func integer(_ sum: Int?, _ value: Int) -> Int? {
        let result: (partialValue: Int, overflow: Bool)
        switch self {
        case .sum: result = value.addingReportingOverflow(sum ?? 0)
        case .product: result = value.multipliedReportingOverflow(by: sum ?? 1)
        case .maximum: result = (max(value, sum ?? value), false)
        case .minimum: result = (min(value, sum ?? value), false)
        case .mean, .sumOfSquares, .l1Norm, .l2Norm: return nil
        }
        return result.overflow ? nil : result.partialValue
    }

    /// `value` taken into what there is so far.
    func float(_ sum: Double?, _ value: Double) -> Double {
        switch self {
        case .sum, .mean: (sum ?? 0) + value
        case .product: (sum ?? 1) * value
        case .maximum: max(value, sum ?? value)
        case .minimum: min(value, sum ?? value)
        case .sumOfSquares, .l2Norm: (sum ?? 0) + value * value
        case .l1Norm: (sum ?? 0) + abs(value)
        }
    }

    func finish(_ sum: Double, count: Double) -> Double {
        switch self {
        case .mean: sum / count
        case .l2Norm: sum.squareRoot()
        default: sum
        }
    }
}
