/// What PIR's operators are called in ProgramDesc, and which slots of theirs the operands are.
enum PIRVocabulary {
    struct Kind {
        /// As ProgramDesc calls it; PIR's own name where there is no other.
        let name: String
        let slots: [String]

        /// - Parameter kind: as the file has it, a dialect's number before the name: "1.conv2d".
        init(_ kind: String) {
            let parts = kind.split(separator: ".", maxSplits: 1)
            let own = parts.count == 2 && ["0", "1"].contains(parts[0]) ? String(parts[1]) : kind
            (name, slots) = PIRVocabulary.operators[own] ?? (own, ["X"])
        }
    }

    private static let operators: [String: (String, [String])] = [
        "data": ("feed", []), "fetch": ("fetch", ["X"]),
        "conv2d": ("conv2d", ["Input", "Filter"]), "depthwise_conv2d": ("depthwise_conv2d", ["Input", "Filter"]),
        "batch_norm": ("batch_norm", ["X", "Mean", "Variance", "Scale", "Bias"]),
        "batch_norm_": ("batch_norm", ["X", "Mean", "Variance", "Scale", "Bias"]),
        "hardswish": ("hard_swish", ["X"]), "hardsigmoid": ("hard_sigmoid", ["X"]),
        "full": ("fill_constant", []), "full_int_array": ("assign_value", []),
        "pool2d": ("pool2d", ["X", "Ksize"]),
        "reshape": ("reshape2", ["X", "Shape"]), "transpose": ("transpose2", ["X"]), "squeeze": ("squeeze2", ["X", "Axes"]),
        "unsqueeze": ("unsqueeze2", ["X", "AxesTensor"]), "flatten": ("flatten_contiguous_range", ["X"]),
        "slice": ("slice", ["Input", "StartsTensor", "EndsTensor"]), "split": ("split", ["X", "SectionsTensor", "AxisTensor"]),
        "split_with_num": ("split", ["X", "AxisTensor"]), "concat": ("concat", ["X", "AxisTensor"]),
        "add": ("elementwise_add", ["X", "Y"]), "subtract": ("elementwise_sub", ["X", "Y"]),
        "multiply": ("elementwise_mul", ["X", "Y"]), "divide": ("elementwise_div", ["X", "Y"]),
        "maximum": ("elementwise_max", ["X", "Y"]), "minimum": ("elementwise_min", ["X", "Y"]),
        "elementwise_pow": ("elementwise_pow", ["X", "Y"]),
        "scale": ("scale", ["X", "ScaleTensor"]), "dropout": ("dropout", ["X", "Seed", "Prob"]),
        "matmul": ("matmul_v2", ["X", "Y"]), "clip": ("clip", ["X", "Min", "Max"]),
        "mean": ("reduce_mean", ["X"]), "max": ("reduce_max", ["X", "AxisTensor"]), "argmax": ("arg_max", ["X", "AxisTensor"]),
        "assign": ("assign", ["X"]), "cast": ("cast", ["X"]),
        "quantize_linear": ("quantize_linear", ["X", "Scale", "ZeroPoint", "InAccum", "InState"]),
        "dequantize_linear": ("dequantize_linear", ["X", "Scale", "ZeroPoint", "InAccum", "InState"]),
    ]
}
