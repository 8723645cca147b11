/// Is told a network's operators in the order in which they run, and says what stands for their results: tensor numbers for a builder of
/// graphs or files, nothing for a counter.
package protocol ArchitectureVisitor {
    associatedtype Map

    /// y = activation(normalize(convolution(x)) + residual).
    mutating func convolution(_ layer: ArchitectureLayer, _ x: Map, residual: Map?) -> Map
    /// The mean over all positions of `x`, `size` x `size` x `channels`: a vector.
    mutating func globalPool(_ x: Map, name: String, channels: Int, size: Int) -> Map
    /// `x`, `size` x `size` x `channels`, times the vector `gate` at every position.
    mutating func multiply(_ x: Map, gate: Map, name: String, channels: Int, size: Int) -> Map
}
