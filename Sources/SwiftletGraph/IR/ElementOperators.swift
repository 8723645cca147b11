/// A function of two values. Comparisons and logic give integers, 0 or 1.
package enum BinaryOperator: Sendable {
    case add, subtract, multiply, divide, minimum, maximum, power
    /// The remainder, with the divisor's sign, or with the dividend's.
    case modulo, remainder
    case equal, less, lessOrEqual, greater, greaterOrEqual
    case and, or, exclusiveOr
}

/// A function of one value.
package enum UnaryOperator: Sendable {
    case negative, absolute, sign, reciprocal, squareRoot, exponential, logarithm, errorFunction
    case floor, ceiling, rounded
    case sine, cosine
    /// Integers, 0 or 1.
    case not, truth
}

/// What is made of the values along some axes.
package enum Reduction: Sendable {
    case mean, maximum, minimum, sum, product, sumOfSquares, l1Norm, l2Norm
}
