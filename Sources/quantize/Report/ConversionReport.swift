import SwiftletQuantization

/// What a conversion did: the quantizer's report, and what is known once the file is written.
struct ConversionReport: Encodable {
    /// One of the two models.
    struct Form: Encodable {
        let bytes: Int
        /// Median of an inference on one thread of this machine.
        let milliseconds: Double
    }

    let quantization: QuantizationReport
    let fp32: Form
    let int8: Form
    /// int8 against FP32 on the calibration pictures.
    let distance: LogitsDistance
    /// Layers in int8, the costliest first.
    let sensitivity: [LayerSensitivity]
    /// As the model file holds it: hashes, settings, versions.
    let provenance: [String: String]
    /// Of the FP32 network on labeled pictures; nil where there were none.
    let accuracy: FloatAccuracy?

    private enum CodingKeys: String, CodingKey {
        case fp32, int8, distance, sensitivity, provenance
        case accuracy = "fp32_accuracy"
    }

    /// The quantizer's keys and these, side by side.
    func encode(to encoder: any Encoder) throws {
        try quantization.encode(to: encoder)
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(fp32, forKey: .fp32)
        try values.encode(int8, forKey: .int8)
        try values.encode(distance, forKey: .distance)
        try values.encode(sensitivity, forKey: .sensitivity)
        try values.encode(provenance, forKey: .provenance)
        try values.encodeIfPresent(accuracy, forKey: .accuracy)
    }
}
