/// What `PublishedQuantizer` made of a network, and how near it is to what was published.
package struct PublishedResult: Sendable {
    package var quantized: QuantizedNetwork
    /// Tensors on the grids that they came with.
    package var published = 0
    /// Tensors that came without one, and were given one.
    package var derived = 0
    /// Layers in FP32, since what they make or read has no grid.
    package var floatLayers: [String] = []
    /// Outputs of layers whose weights lie on no grid of -127 ... 127 steps, rounded to the nearest.
    package var roundedOutputs = 0
}
