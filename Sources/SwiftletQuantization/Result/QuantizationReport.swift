/// What quantization did to each layer, measured on the calibration set.
public struct QuantizationReport: Sendable, Codable {
    public struct LayerEntry: Sendable, Codable {
        public var name: String
        /// The operator's kind, such as "convolutionInt8".
        public var kind: String
        /// Name of the output tensor.
        public var output: String
        public var isFloat: Bool
        /// Signal to quantization noise of the output in decibels: the FP32 network's against the quantized network's, which carries the
        /// error of all layers before. Nil when the FP32 output is 0 throughout or the two are equal.
        public var sqnr: Double?
        /// Root mean square of (integer weight * step - weight), relative to the weights'; nil for layers without weights.
        public var weightError: Double?
        /// The largest change of a bias, in steps of its channel's output grid; nil for layers without bias correction.
        public var biasShift: Double?
        /// Smallest and largest value of the FP32 output.
        public var low: Float
        public var high: Float
        /// What the measured ranges were multiplied by; nil where the grid follows from the layer.
        public var rangeFactor: Float?
        /// By channel: ends of the FP32 output, widened to hold 0, and of its grid. Empty for the grids of float layers' outputs.
        public var channelLow: [Float]
        public var channelHigh: [Float]
        public var gridLow: [Float]
        public var gridHigh: [Float]
        /// The FP32 output of a few pictures on its grid: `GridHistogram`'s bins.
        public var histogram: [Int]
        /// What guards did, and why a layer is in float.
        public var notes: [String]
    }

    public var network: String
    public var settings: QuantizationSettings
    /// Pictures in the calibration set.
    public var pictures: Int
    public var layers: [LayerEntry]
}
