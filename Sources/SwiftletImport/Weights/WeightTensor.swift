/// A tensor of a weights file, converted to single precision.
public struct WeightTensor: Sendable, Equatable {
    /// Empty for a scalar.
    public var shape: [Int]
    /// In C order, the last dimension fastest.
    public var values: [Float]

    public init(shape: [Int], values: [Float]) {
        self.shape = shape
        self.values = values
    }
}
