import SwiftletRuntime
import TestSupport

/// Operators without weights, and those in single precision.
extension ExtremeCases {
    mutating func addPools() {
        for channels in [1, 16, 17] {
            for bias in [Bounds.largestBias, 0, -Bounds.largestBias] {
                for multiplier in [Bounds.smallestScale, 1e-7, Bounds.largestPoolMultiplier] {
                    add("\(channels), bias \(bias), multiplier \(Int(multiplier * 2))-\(Int(multiplier * 1e7))", .globalPoolInt8) {
                        ($0.channels, $0.bias, $0.multiplier) = (channels, bias, multiplier)
                    }
                }
            }
            for multiplier in [Bounds.smallestScale, 1, Bounds.largestElementMultiplier] {
                for counts in [false, true] {
                    for zero: Int8 in [-128, 127] {
                        add(
                            "\(channels), average, multiplier \(Int(multiplier)), \(counts ? "padding counts, " : "")zeros \(zero)",
                            .poolInt8
                        ) {
                            ($0.channels, $0.window, $0.multiplier) = (
                                channels, LoweredWindow(kernel: 3, stride: 1, padding: 2), multiplier
                            )
                            ($0.poolCountsPadding, $0.inputZero, $0.outputZero) = (counts, zero, zero)
                        }
                    }
                }
            }
            for kind in [OperatorKind.poolInt8, .poolFloat] {
                for isMax in [false, true] {
                    add("\(channels), \(isMax ? "max" : "average"), kernel 1024, padding 1023", kind) {
                        ($0.channels, $0.isMaxPool, $0.window) = (channels, isMax, LoweredWindow(kernel: 1024, stride: 700, padding: 1023))
                    }
                    add("\(channels), \(isMax ? "max" : "average"), stride beyond the kernel", kind) {
                        ($0.channels, $0.isMaxPool, $0.window) = (channels, isMax, LoweredWindow(kernel: 2, stride: 3, padding: 1))
                    }
                }
            }
        }
        // More than vector kernels sum in 16 bits, over more channels than an empty array's neighborhood has readable bytes.
        add("8192 channels, a window of 289 positions", .poolInt8) {
            ($0.height, $0.width, $0.channels, $0.window) = (3, 3, 8192, LoweredWindow(kernel: 17, stride: 4, padding: 9))
        }
        add("2^20 positions, bias", .globalPoolInt8) {
            ($0.height, $0.width, $0.channels, $0.bias, $0.multiplier, $0.inputZero) = (1024, 1024, 1, Bounds.largestBias, 1e-7, -128)
        }
        add("65500 positions", .globalPoolInt8) { ($0.height, $0.width, $0.channels) = (65_500, 1, 3) }
        add("4096 positions", .globalPoolFloat) { ($0.height, $0.width, $0.channels) = (64, 64, 17) }
    }

    mutating func addElementwise() {
        for channels in [1, 16, 17, 33] {
            for multiplier in [Bounds.smallestScale, 0.004, Bounds.largestElementMultiplier] {
                for zero: Int8 in [-128, 127] {
                    for gate in [false, true] {
                        add("\(channels), \(gate ? "gate" : "map"), multiplier \(Int(multiplier * 1000)), zeros \(zero)", .multiplyInt8) {
                            ($0.channels, $0.hasGate, $0.multiplier, $0.inputZero, $0.outputZero) = (channels, gate, multiplier, zero, zero)
                        }
                    }
                    for second in [Bounds.smallestScale, 0.5, Bounds.largestElementMultiplier] {
                        add("\(channels), multipliers \(Int(multiplier * 1000)) and \(Int(second * 2)), zeros \(zero)", .addInt8) {
                            ($0.channels, $0.multiplier, $0.secondMultiplier, $0.inputZero, $0.outputZero) = (
                                channels, multiplier, second, zero, zero
                            )
                        }
                    }
                }
            }
            for perChannel in [false, true] {
                for fill: OperatorCase.Fill in [.random, .lowest, .highest, .alternating] {
                    let tables = perChannel ? "a table a channel" : "one table"
                    let values = "\(fill == .lowest ? 0 : fill == .highest ? 255 : 1)-\(fill == .random ? "r" : "x")"
                    add("\(channels), \(tables), \(values)", .tableInt8) {
                        ($0.channels, $0.tableIsPerChannel, $0.table) = (channels, perChannel, fill)
                    }
                }
            }
            for kind in [OperatorKind.multiplyFloat, .addFloat] {
                add("\(channels), gate", kind) { ($0.channels, $0.hasGate) = (channels, true) }
            }
        }
        add("one position", .multiplyInt8) { ($0.height, $0.width) = (1, 1) }
        add("one position", .addInt8) { ($0.height, $0.width) = (1, 1) }
        add("one position", .concatenate) { ($0.height, $0.width, $0.channels) = (1, 1, 5) }
        for channels in [1, 5, 64] { add("\(channels), in another order", .concatenate) { ($0.channels, $0.selects) = (channels, true) } }
        add("one position", .resample) { ($0.height, $0.width, $0.channels) = (1, 1, 5) }
        for channels in [1, 5, 64] { add("\(channels)", .resample) { $0.channels = channels } }
    }

    mutating func addConversions() {
        for channels in [1, 3, 16, 17] {
            for multiplier in [Bounds.smallestScale, 1, Bounds.largestScale] {
                for offset: Float in [-1024, -0.5, 0.5, 127.5, 1024] {
                    add(
                        "\(channels), multiplier \(multiplier == 1 ? 1 : multiplier < 1 ? 0 : 2), offset \(Int(offset * 2)) halves",
                        .quantize
                    ) {
                        ($0.channels, $0.multiplier, $0.offset) = (channels, multiplier, offset)
                    }
                }
                for zero: Int8 in [-128, 127] {
                    add("\(channels), multiplier \(multiplier == 1 ? 1 : multiplier < 1 ? 0 : 2), zeros \(zero)", .dequantize) {
                        ($0.channels, $0.multiplier, $0.inputZero) = (channels, multiplier, zero)
                    }
                }
            }
            for offset: Float in [-1024, -127.5, 0.5, 1024] {
                for scale in [Bounds.smallestScale, 0.02, Bounds.largestScale] {
                    add(
                        "\(channels), input offset \(Int(offset * 2)) halves, scale \(scale == 0.02 ? 1 : scale < 0.02 ? 0 : 2)", .tableInt8
                    ) {
                        ($0.channels, $0.inputOffset, $0.inputScale, $0.tableIsPerChannel) = (channels, offset, scale, false)
                    }
                }
            }
        }
    }

    /// Values that stay finite, and far from denormal numbers, which 32-bit NEON takes for zero.
    mutating func addFloat() {
        let activations: [(String, LoweredActivation, Float, Float)] = [
            ("hard-swish", .hardSwish, 0, 0), ("ReLU", .relu, 0, 0), ("clip", .clip, -1, 1),
            ("clip to all", .clip, -.greatestFiniteMagnitude, .greatestFiniteMagnitude),
            ("clip from below", .clip, -1, .infinity), ("clip from above", .clip, -.infinity, 1),
            ("hard-sigmoid", .hardSigmoid, 0.2, 0.5), ("hard-sigmoid, steep", .hardSigmoid, 1e30, -1e30),
            ("hard-sigmoid, falling", .hardSigmoid, -1e30, 1e30), ("sigmoid", .sigmoid, 0, 0), ("swish", .swish, 0, 0),
            ("leaky ReLU", .leakyRelu, -1e30, 0), ("ELU", .elu, 1e30, 0), ("tanh", .tanh, 0, 0), ("softplus", .softplus, 0, 0),
            ("mish", .mish, 0, 0), ("GELU", .gelu, 0, 0), ("GELU by tanh", .geluTanh, 0, 0), ("thresholded ReLU", .thresholdedRelu, 1, 0),
        ]
        for (name, activation, a, b) in activations {
            for channels in [1, 16, 17] {
                for kind in [OperatorKind.convolutionFloat, .depthwiseFloat, .addFloat, .activationFloat] {
                    add("\(channels), \(name)", kind) {
                        ($0.channels, $0.outputs, $0.activation, $0.activationA, $0.activationB) = (channels, channels, activation, a, b)
                        if activation.rawValue >= LoweredActivation.sigmoid.rawValue { $0.floatWeight = 0.01 }
                    }
                }
            }
        }
        for channels in [15, 16, 17] {
            for kind in [OperatorKind.convolutionFloat, .depthwiseFloat] {
                add("\(channels), residual", kind) { ($0.channels, $0.outputs, $0.hasResidual) = (channels, channels, true) }
                add("\(channels), weights 1e30", kind) { ($0.channels, $0.outputs, $0.floatWeight) = (channels, channels, 1e30) }
                add("\(channels), weights 1e-30", kind) { ($0.channels, $0.outputs, $0.floatWeight) = (channels, channels, 1e-30) }
            }
        }
    }

    /// Maps that are given out beside the vector, up to as many as a file may have.
    mutating func addOutputs() {
        for kind in OperatorKind.allCases {
            for channels in [1, 17] { add("\(channels), given out", kind) { ($0.channels, $0.outputs, $0.maps) = (channels, channels, 1) } }
        }
        add("64 outputs", .convolutionInt8) { $0.maps = Bounds.largestOutputs - 1 }
        add("64 outputs", .poolFloat) { $0.maps = Bounds.largestOutputs - 1 }
        add("a vector with every head", .convolutionInt8) {
            ($0.height, $0.width, $0.window, $0.maps, $0.mapHead) = (1, 1, LoweredWindow(), 2, .topK)
        }
    }
}
