import SwiftletRuntime

extension OperatorKind {
    var label: String {
        switch self {
        case .convolutionInt8: "conv_s8"
        case .depthwiseInt8: "depthwise_s8"
        case .globalPoolInt8: "global_pool_s8"
        case .poolInt8: "pool_s8"
        case .multiplyInt8: "mul_s8"
        case .addInt8: "add_s8"
        case .tableInt8: "table_s8"
        case .quantize: "quantize"
        case .dequantize: "dequantize"
        case .concatenate: "concatenate"
        case .convolutionFloat: "conv_f32"
        case .depthwiseFloat: "depthwise_f32"
        case .globalPoolFloat: "global_pool_f32"
        case .poolFloat: "pool_f32"
        case .multiplyFloat: "mul_f32"
        case .addFloat: "add_f32"
        case .activationFloat: "activation_f32"
        }
    }
}

extension LoweredActivation {
    var label: String {
        switch self {
        case .linear: "linear"
        case .hardSwish: "hard-swish"
        case .relu: "relu"
        case .clip: "clip"
        case .hardSigmoid: "hard-sigmoid"
        case .sigmoid: "sigmoid"
        case .swish: "swish"
        case .leakyRelu: "leaky-relu"
        case .elu: "elu"
        case .tanh: "tanh"
        case .softplus: "softplus"
        case .mish: "mish"
        case .gelu: "gelu"
        case .geluTanh: "gelu-tanh"
        case .thresholdedRelu: "thresholded-relu"
        }
    }
}
