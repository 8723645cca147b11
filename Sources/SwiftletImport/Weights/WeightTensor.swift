/// A tensor of a weights file, converted to single precision.
package struct WeightTensor: Sendable, Equatable {
    /// Empty for a scalar.
    package var shape: [Int]
    /// In C order, the last dimension fastest.
    package var values: [Float]

    package init(shape: [Int], values: [Float]) {
        self.shape = shape
        self.values = values
    }
}
