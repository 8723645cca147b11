import SwiftletRuntime
import TestSupport

/// Each field of each operator at the ends of what the format allows.
struct ExtremeCases {
    private(set) var all: [OperatorCase] = []
    private static let channelCounts = [1, 2, 15, 16, 17, 31, 33, 63, 65]
    private static let fills: [OperatorCase.Fill] = [.lowest, .highest, .alternating]

    /// None yet.
    init(empty: Void) {}

    init() {
        addChannelCounts()
        for kind in [OperatorKind.convolutionInt8, .depthwiseInt8] {
            addParameters(of: kind)
            addHardSwish(of: kind)
            addResiduals(of: kind)
        }
        for kind in [OperatorKind.convolutionInt8, .depthwiseInt8, .convolutionFloat, .depthwiseFloat] { addWindows(of: kind) }
        addGroups()
        addLargestSums()
        addPools()
        addElementwise()
        addConversions()
        addFloat()
        addOutputs()
    }

    /// - Parameter edit: sets the fields that the name tells.
    mutating func add(_ name: String, _ kind: OperatorKind, _ edit: (inout OperatorCase) -> Void) {
        var one = OperatorCase("\(kind.name) \(name)", kind)
        one.seed = UInt64(all.count + 1)
        if one.isConvolution { one.window = LoweredWindow(kernel: 3, stride: 1, padding: 1) }
        edit(&one)
        all.append(one)
    }

    private static func name(_ fill: OperatorCase.Fill) -> String {
        switch fill {
        case .random: "random"
        case .lowest: "lowest"
        case .highest: "highest"
        case .alternating: "alternating"
        }
    }

    /// Every kind at every number of channels, a vector's tail longer or shorter.
    private mutating func addChannelCounts() {
        for kind in OperatorKind.allCases {
            for channels in ExtremeCases.channelCounts {
                add("channels \(channels)", kind) { ($0.channels, $0.outputs) = (channels, channels) }
                guard kind == .convolutionInt8 || kind == .convolutionFloat else { continue }
                add("1x1, channels \(channels) to 7", kind) { ($0.channels, $0.outputs, $0.window) = (channels, 7, LoweredWindow()) }
                add("vector, channels \(channels)", kind) {
                    ($0.height, $0.width, $0.channels, $0.outputs, $0.window) = (1, 1, channels, 33, LoweredWindow())
                }
            }
        }
    }

    private mutating func addParameters(of kind: OperatorKind) {
        let perOutput = kind == .depthwiseInt8 ? 9 : 17 * 9
        let largest = Bounds.largestMultiplier(inputsPerOutput: perOutput)
        for channels in [16, 17] {
            for fill in ExtremeCases.fills {
                for zero: Int8 in [-128, 127] {
                    add("\(channels), weights \(ExtremeCases.name(fill)), zeros \(zero)", kind) {
                        ($0.channels, $0.outputs, $0.weights, $0.inputZero, $0.outputZero) = (channels, channels, fill, zero, zero)
                    }
                }
                for bias in [Bounds.largestBias, -Bounds.largestBias] {
                    add("\(channels), weights \(ExtremeCases.name(fill)), bias \(bias), multiplier tiny", kind) {
                        ($0.channels, $0.outputs, $0.weights, $0.bias, $0.multiplier) = (channels, channels, fill, bias, 3e-7)
                    }
                    add("\(channels), weights \(ExtremeCases.name(fill)), bias \(bias), multiplier largest", kind) {
                        ($0.channels, $0.outputs, $0.weights, $0.bias, $0.multiplier) = (channels, channels, fill, bias, largest)
                    }
                }
            }
            for scale in [Bounds.smallestScale, Bounds.largestScale] {
                add("\(channels), scales \(scale == Bounds.smallestScale ? "smallest" : "largest")", kind) {
                    ($0.channels, $0.outputs, $0.inputScale, $0.outputScale) = (channels, channels, scale, scale)
                }
            }
            add("\(channels), multiplier smallest", kind) {
                ($0.channels, $0.outputs, $0.multiplier) = (channels, channels, Bounds.smallestScale)
            }
        }
    }

    private mutating func addHardSwish(of kind: OperatorKind) {
        let perOutput = kind == .depthwiseInt8 ? 9 : 17 * 9
        let largest = Bounds.largestMultiplier(inputsPerOutput: perOutput)
        for channels in [16, 17, 33] {
            for fill in ExtremeCases.fills {
                // The larger of the factors may be at its bound, or both in between.
                let factors: [(String, Float, Float)] = [
                    ("largest", largest, 1), ("below the largest", largest * 0.9, 1.1), ("smallest", 1e-20, 0.1),
                    ("coarse output", 0.0001, 1e19),
                    ("fine output", 1e-10, 1e-9), ("usual", 0.002, 0.02),
                ]
                for (name, multiplier, scale) in factors {
                    add("\(channels), hard-swish, multiplier \(name), weights \(ExtremeCases.name(fill))", kind) {
                        ($0.channels, $0.outputs, $0.weights, $0.activation) = (channels, 17, fill, .hardSwish)
                        if channels == 33 && kind == .convolutionInt8 { $0.window = LoweredWindow() }
                        ($0.multiplier, $0.outputScale, $0.bias) = (multiplier, scale, fill == .lowest ? Bounds.largestBias : -5000)
                    }
                }
            }
        }
    }

    private mutating func addResiduals(of kind: OperatorKind) {
        for channels in [15, 16, 17, 65] {
            for factor in [Bounds.smallestScale, 0.5, 1, Bounds.largestElementMultiplier] {
                for zero: Int8 in [-128, 127] {
                    add("\(channels), residual \(Int(factor * 2)), zeros \(zero)", kind) {
                        ($0.channels, $0.outputs, $0.hasResidual, $0.secondMultiplier) = (channels, channels, true, factor)
                        ($0.inputZero, $0.outputZero) = (zero, zero)
                        if channels == 16 { $0.weights = .alternating }
                    }
                }
            }
        }
    }

    /// Kernels, strides, dilations, padding; the largest in one direction at a time.
    private mutating func addWindows(of kind: OperatorKind) {
        func window(_ kernel: (Int32, Int32), _ stride: (Int32, Int32), _ dilation: (Int32, Int32), _ pads: (Int32, Int32, Int32, Int32))
            -> LoweredWindow
        {
            var window = LoweredWindow()
            (window.kernelHeight, window.kernelWidth) = kernel
            (window.strideHeight, window.strideWidth) = stride
            (window.dilationHeight, window.dilationWidth) = dilation
            (window.padTop, window.padLeft, window.padBottom, window.padRight) = pads
            return window
        }
        let windows: [(String, LoweredWindow)] = [
            ("padding of all of it", window((3, 3), (1, 1), (1, 1), (9, 9, 9, 9))),
            ("padding above alone", window((3, 3), (1, 1), (1, 1), (4, 0, 0, 0))),
            ("padding right alone", window((2, 2), (1, 1), (1, 1), (0, 0, 0, 5))),
            ("stride beyond the kernel", window((2, 2), (4, 3), (1, 1), (1, 1, 1, 1))),
            ("stride 1024", window((3, 3), (1024, 1024), (1, 1), (1, 1, 1, 1))),
            ("padding 4096, stride 1024", window((3, 3), (1024, 1024), (1, 1), (4096, 4096, 4096, 4096))),
            ("dilation 2", window((3, 2), (1, 1), (2, 2), (2, 2, 2, 2))),
            ("dilation 3, stride 2", window((3, 3), (2, 2), (3, 3), (3, 3, 3, 3))),
            ("dilation 1024", window((3, 2), (700, 400), (1024, 1024), (1024, 512, 1030, 512))),
            ("kernel 1024 high", window((1024, 1), (500, 1), (1, 1), (1023, 0, 1023, 0))),
            ("kernel 1024 wide", window((1, 1024), (1, 500), (1, 1), (0, 1020, 0, 1020))),
            ("kernel of the picture", window((6, 5), (1, 1), (1, 1), (0, 0, 0, 0))),
            ("kernel 7, stride 2", window((7, 7), (2, 2), (1, 1), (3, 3, 3, 3))),
            ("kernel 5x1", window((5, 1), (1, 1), (1, 1), (2, 0, 2, 0))),
        ]
        for (name, window) in windows {
            for channels in [3, 16, 17] {
                let largestKernel = window.kernelHeight * window.kernelWidth >= 1024
                // more than 2^14 products
                if largestKernel && channels == 17 && kind != .depthwiseInt8 && kind != .depthwiseFloat { continue }
                add("\(name), channels \(channels)", kind) { ($0.channels, $0.outputs, $0.window) = (channels, 8, window) }
            }
        }
    }

    private mutating func addGroups() {
        for (channels, outputs, groups) in [
            (2, 2, 2), (4, 8, 4), (6, 4, 2), (16, 32, 2), (33, 33, 3), (32, 16, 16), (65, 5, 5), (64, 64, 32),
        ] {
            for kind in [OperatorKind.convolutionInt8, .convolutionFloat] {
                for fill: OperatorCase.Fill in kind == .convolutionInt8 ? [.random, .lowest, .alternating] : [.random] {
                    add("\(channels) to \(outputs) in \(groups) groups, weights \(ExtremeCases.name(fill))", kind) {
                        ($0.channels, $0.outputs, $0.groups, $0.weights) = (channels, outputs, groups, fill)
                    }
                }
            }
        }
        for outputs in [1, 15, 17] {  // a grouped convolution with one channel a group that is no depthwise one
            add("16 groups of 1 to \(outputs)", .convolutionInt8) { ($0.channels, $0.outputs, $0.groups) = (16, 16 * outputs, 16) }
        }
    }

    /// 2^14 products of the largest values with the largest bias.
    private mutating func addLargestSums() {
        for fill in ExtremeCases.fills {
            for (name, channels, kernel) in [("1x1", 16_384, Int32(1)), ("4x4", 1024, 4), ("128x128", 1, 128)] {
                for bias in [Bounds.largestBias, -Bounds.largestBias] {
                    add("2^14 inputs, \(name), weights \(ExtremeCases.name(fill)), bias \(bias)", .convolutionInt8) {
                        ($0.height, $0.width, $0.channels, $0.outputs) = (Int(kernel), Int(kernel), channels, 5)
                        ($0.window.kernelHeight, $0.window.kernelWidth) = (kernel, kernel)
                        ($0.window.padTop, $0.window.padLeft, $0.window.padBottom, $0.window.padRight) = (0, 0, 0, 0)
                        ($0.weights, $0.bias, $0.inputZero) = (fill, bias, -128)
                        $0.multiplier = 3e-7
                    }
                }
            }
            add("128x128, weights \(ExtremeCases.name(fill))", .depthwiseInt8) {
                ($0.height, $0.width, $0.channels, $0.weights) = (128, 128, 17, fill)
                $0.window = LoweredWindow(kernel: 128, stride: 1, padding: 0)
                ($0.bias, $0.multiplier) = (fill == .highest ? Bounds.largestBias : -Bounds.largestBias, 3e-7)
            }
        }
    }
}
