import SwiftletRuntime
import TestSupport

/// Fields just beyond what the format allows: readers must refuse each.
enum RefusedCases {
    static var all: [OperatorCase] {
        var cases = ExtremeCases(empty: ())
        for kind in [OperatorKind.convolutionInt8, .depthwiseInt8] {
            addWeights(of: kind, to: &cases)
            addFactors(of: kind, to: &cases)
        }
        for kind in [OperatorKind.convolutionInt8, .depthwiseInt8, .convolutionFloat, .depthwiseFloat] { addWindows(of: kind, to: &cases) }
        addGrids(to: &cases)
        addPools(to: &cases)
        addOthers(to: &cases)
        addOutputs(to: &cases)
        return cases.all
    }

    private static func addOutputs(to cases: inout ExtremeCases) {
        cases.add("65 outputs", .convolutionInt8) { $0.maps = Bounds.largestOutputs }
        cases.add("an output without a name", .convolutionInt8) { ($0.maps, $0.mapName) = (1, "") }
        cases.add("two outputs of one name", .convolutionInt8) { ($0.maps, $0.mapName) = (2, "map") }
        cases.add("an output with the vector's name", .convolutionInt8) { ($0.maps, $0.mapName) = (1, "vector") }
        for head in 1...5 {
            cases.add("a map with the head \(head)", .convolutionInt8) { ($0.maps, $0.mapHead) = (1, OutputHead(rawValue: UInt8(head))!) }
        }
    }

    private static let notScales: [(String, Float)] = [
        ("0", 0), ("negative", -0.5), ("NaN", .nan), ("infinite", .infinity), ("denormal", 0x1p-130), ("below 1e-20", 9.9e-21),
        ("above 1e20", 1.01e20),
    ]

    private static func addWeights(of kind: OperatorKind, to cases: inout ExtremeCases) {
        for channels in [1, 16, 17] {
            cases.add("\(channels), a weight of -128", kind) {
                ($0.channels, $0.outputs, $0.weights, $0.lowestWeight) = (channels, 8, .alternating, -128)
            }
            cases.add("\(channels), all weights -128", kind) {
                ($0.channels, $0.outputs, $0.weights, $0.lowestWeight) = (channels, 8, .lowest, -128)
            }
        }
        for bias in [Bounds.largestBias + 1, -Bounds.largestBias - 1, Int32.max, Int32.min] {
            cases.add("bias \(bias)", kind) { $0.bias = bias }
        }
    }

    private static func addFactors(of kind: OperatorKind, to cases: inout ExtremeCases) {
        let largest = Bounds.largestMultiplier(inputsPerOutput: kind == .depthwiseInt8 ? 9 : 144)
        for (name, value) in notScales + [("above its bound", largest.nextUp)] {
            cases.add("multiplier \(name)", kind) { $0.multiplier = value }
            cases.add("hard-swish, multiplier \(name)", kind) { ($0.multiplier, $0.activation) = (value, .hardSwish) }
        }
        for (name, value) in notScales + [("above 2^14", Bounds.largestElementMultiplier.nextUp)] {
            cases.add("residual, multiplier \(name)", kind) { ($0.secondMultiplier, $0.hasResidual) = (value, true) }
        }
        cases.add("hard-swish with a residual", kind) { ($0.activation, $0.hasResidual) = (.hardSwish, true) }
        cases.add("hard-swish, product of factors above its bound", kind) {
            ($0.activation, $0.multiplier, $0.outputScale) = (.hardSwish, largest / 2, 0.4)
        }
        cases.add("hard-swish, output scale 1e20", kind) { ($0.activation, $0.outputScale) = (.hardSwish, Bounds.largestScale) }
        for activation: LoweredActivation in [.relu, .clip, .hardSigmoid, .sigmoid, .swish, .leakyRelu, .gelu] {
            cases.add("activation \(activation.rawValue)", kind) { $0.activation = activation }
        }
    }

    private static func addWindows(of kind: OperatorKind, to cases: inout ExtremeCases) {
        cases.add("stride 1025", kind) { $0.window.strideHeight = 1025 }
        cases.add("stride 0", kind) { ($0.window.strideWidth, $0.window.kernelWidth) = (0, 1) }
        cases.add("dilation 1025", kind) { ($0.window.dilationHeight, $0.window.padTop, $0.window.padBottom) = (1025, 1025, 1025) }
        cases.add("dilation 0", kind) { $0.window.dilationWidth = 0 }
        cases.add("kernel 1025", kind) {
            ($0.window.kernelHeight, $0.window.padTop, $0.window.padBottom, $0.channels) = (1025, 600, 600, 1)
        }
        cases.add("kernel 0", kind) { $0.window.kernelWidth = 0 }
        cases.add("padding 4097", kind) { ($0.window.padLeft, $0.window.strideWidth) = (4097, 1024) }
        cases.add("kernel larger than the padded picture", kind) {
            ($0.window.kernelHeight, $0.window.padTop, $0.window.padBottom) = (9, 1, 1)
        }
        guard kind == .convolutionInt8 || kind == .depthwiseInt8 else { return }
        cases.add("more than 2^14 inputs an output", kind) {
            ($0.window.kernelHeight, $0.window.kernelWidth, $0.window.padTop, $0.window.padLeft, $0.channels, $0.outputs) = (
                129, 128, 128, 128, 1, 1
            )
        }
    }

    private static func addGrids(to cases: inout ExtremeCases) {
        for (name, value) in notScales {
            cases.add("input scale \(name)", .tableInt8) { $0.inputScale = value }
            cases.add("output scale \(name)", .tableInt8) { $0.outputScale = value }
            cases.add("multiplier \(name)", .quantize) { $0.multiplier = value }
            cases.add("multiplier \(name)", .dequantize) { $0.multiplier = value }
        }
        for (name, value): (String, Float) in [
            ("above 1024", Float(1024).nextUp), ("below -1024", -Float(1024).nextUp), ("NaN", .nan), ("infinite", .infinity),
        ] {
            cases.add("offset \(name)", .quantize) { $0.offset = value }
            cases.add("input offset \(name)", .tableInt8) { $0.inputOffset = value }
        }
    }

    private static func addPools(to cases: inout ExtremeCases) {
        cases.add("multiplier above 0.5", .globalPoolInt8) { $0.multiplier = Bounds.largestPoolMultiplier.nextUp }
        cases.add("bias 2^28 + 1", .globalPoolInt8) { $0.bias = Bounds.largestBias + 1 }
        cases.add("more than 2^20 positions", .globalPoolInt8) { ($0.height, $0.width, $0.channels) = (1025, 1024, 1) }
        for kind in [OperatorKind.poolInt8, .poolFloat] {
            for isMax in [false, true] {
                let name = isMax ? "max" : "average"
                cases.add("\(name), padding of the kernel's size", kind) {
                    ($0.isMaxPool, $0.window) = (isMax, LoweredWindow(kernel: 3, stride: 1, padding: 3))
                }
                cases.add("\(name), dilation 2", kind) {
                    ($0.isMaxPool, $0.window) = (isMax, LoweredWindow(kernel: 2, stride: 1, padding: 0))
                    $0.window.dilationHeight = 2
                }
                cases.add("\(name), kernel 1025", kind) {
                    ($0.isMaxPool, $0.window) = (isMax, LoweredWindow(kernel: 1025, stride: 1000, padding: 1024))
                }
            }
        }
        for (name, value) in notScales + [("above 2^14", Bounds.largestElementMultiplier.nextUp)] {
            cases.add("average, multiplier \(name)", .poolInt8) { $0.multiplier = value }
        }
    }

    private static func addOthers(to cases: inout ExtremeCases) {
        for (name, value) in notScales + [("above 2^14", Bounds.largestElementMultiplier.nextUp)] {
            cases.add("multiplier \(name)", .multiplyInt8) { $0.multiplier = value }
            cases.add("multiplier \(name)", .addInt8) { $0.multiplier = value }
            cases.add("second multiplier \(name)", .addInt8) { $0.secondMultiplier = value }
        }
        cases.add("gate", .addInt8) { $0.hasGate = true }
        for (name, value): (String, Float) in [("NaN", .nan), ("infinite", .infinity)] {
            for kind in [OperatorKind.convolutionFloat, .activationFloat] {
                cases.add("hard-sigmoid, slope \(name)", kind) { ($0.activation, $0.activationA) = (.hardSigmoid, value) }
                cases.add("hard-sigmoid, offset \(name)", kind) { ($0.activation, $0.activationB) = (.hardSigmoid, value) }
            }
        }
        for kind in [OperatorKind.convolutionFloat, .depthwiseFloat, .addFloat, .activationFloat] {
            cases.add("clip, bound NaN", kind) { ($0.activation, $0.activationB) = (.clip, .nan) }
            cases.add("clip to nothing", kind) { ($0.activation, $0.activationA, $0.activationB) = (.clip, 1, -1) }
        }
        for activation: LoweredActivation in [.leakyRelu, .elu, .thresholdedRelu] {
            cases.add("activation \(activation.rawValue), NaN", .activationFloat) { ($0.activation, $0.activationA) = (activation, .nan) }
            cases.add("activation \(activation.rawValue), a second constant", .activationFloat) {
                ($0.activation, $0.activationB) = (activation, 1)
            }
        }
        cases.add("a channel that is not there", .concatenate) { ($0.selects, $0.firstSelected) = (true, 3 * UInt16($0.channels)) }
        cases.add("a row that is not there", .resample) { $0.firstSelected = UInt16($0.height) }
        for groups in [0, 3, 17] { cases.add("\(groups) groups of 16", .convolutionInt8) { $0.groups = groups } }
        cases.add("a window", .tableInt8) { $0.window.strideHeight = 2 }
        cases.add("padding", .multiplyInt8) { ($0.window.padTop, $0.window.kernelHeight) = (1, 2) }
    }
}
