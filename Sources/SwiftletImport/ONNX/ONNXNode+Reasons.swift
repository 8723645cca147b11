/// What is said of operators that there is nothing for.
extension ONNXNode {
    /// Whether only models have it that are quantized already.
    static func isInt8Operator(_ type: String) -> Bool {
        ["QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "ConvInteger", "MatMulInteger", "QGemm"].contains(type)
            || type.hasPrefix("QLinear")
    }

    static func reason(for type: String) -> String {
        switch type {
        case "LayerNormalization", "SimplifiedLayerNormalization", "SkipLayerNormalization", "RMSNormalization":
            "a normalization whose statistics are computed while the model runs: transformers are not supported"
        case "InstanceNormalization", "GroupNormalization", "LpNormalization", "MeanVarianceNormalization", "LRN":
            "a normalization whose statistics are computed while the model runs: only batch normalization is supported"
        case "Attention", "MultiHeadAttention", "GroupQueryAttention", "Einsum", "RotaryEmbedding":
            "attention: transformers are not supported"
        case "If", "Loop", "Scan": "control flow: export with fixed shapes, or fold constants first (onnxsim, onnxslim)"
        case "NonMaxSuppression", "RoiAlign", "MaxRoiPool": "detection is not supported"
        case "LSTM", "GRU", "RNN": "recurrent networks are not supported"
        default: "no such operator here"
        }
    }
}
