/// What quantization did to each layer, measured on the calibration set.
package struct QuantizationReport: Sendable, Codable {
    package struct LayerEntry: Sendable, Codable {
        package var name: String
        /// The operator's kind, such as "convolutionInt8".
        package var kind: String
        /// Name of the output tensor.
        package var output: String
        package var isFloat: Bool
        /// Signal to quantization noise of the output in decibels: the FP32 network's against the quantized network's, which carries the
        /// error of all layers before. Nil when the FP32 output is 0 throughout or the two are equal.
        package var sqnr: Double?
        /// Root mean square of (integer weight * step - weight), relative to the weights'; nil for layers without weights.
        package var weightError: Double?
        /// The largest change of a bias, in steps of its channel's output grid; nil for layers without bias correction.
        package var biasShift: Double?
        /// Smallest and largest value of the FP32 output.
        package var low: Float
        package var high: Float
        /// What the measured ranges were multiplied by; nil where the grid follows from the layer.
        package var rangeFactor: Float?
        /// By channel: ends of the FP32 output, widened to hold 0, and of its grid. Empty for the grids of float layers' outputs.
        package var channelLow: [Float]
        package var channelHigh: [Float]
        package var gridLow: [Float]
        package var gridHigh: [Float]
        /// The FP32 output of a few pictures on its grid: `GridHistogram`'s bins.
        package var histogram: [Int]
        /// What guards did, and why a layer is in float.
        package var notes: [String]
    }

    package var network: String
    package var settings: QuantizationSettings
    /// Pictures in the calibration set.
    package var pictures: Int
    package var layers: [LayerEntry]
}
