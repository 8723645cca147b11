import SwiftletRuntime
import TestSupport

/// Models of one operator with random fields, consistent as a whole, small but for one in eight: those have the sizes at which byte counts
/// pass 2^32.
enum RandomCase {
    static func make(_ random: inout Random) -> OperatorCase {
        let isWide = random.oneIn(8)
        var kind = random.pick(OperatorKind.allCases)
        if isWide || random.oneIn(3) {
            kind = random.pick([.convolutionInt8, .convolutionInt8, .depthwiseInt8, .convolutionFloat, .depthwiseFloat, .poolInt8])
        }
        var made = OperatorCase("random", kind)
        made.seed = random.generator.next()
        setSize(&made, isWide, &random)
        if kind.hasWindow { setWindow(&made, isWide, &random) }
        made.hasGate = kind.traits.inputs != .pair && random.oneIn(2)
        made.isMaxPool = random.oneIn(2)
        made.poolCountsPadding = random.oneIn(2)
        made.tableIsPerChannel = random.oneIn(2)
        made.selects = random.oneIn(2)
        if random.oneIn(3) { made.maps = random.pick([1, 1, 2, 63, 64]) }
        if random.oneIn(8) { made.mapName = random.pick(["", "map", "vector"]) }
        if random.oneIn(8) { made.mapHead = random.pick([.softmax, .sigmoid, .argMax]) }
        setActivation(&made, &random)
        setParameters(&made, &random)
        return made
    }

    private static func setSize(_ made: inout OperatorCase, _ isWide: Bool, _ random: inout Random) {
        (made.height, made.width) = (1 + random.below(9), 1 + random.below(9))
        made.channels = random.pick([1, 2, 3, 4, 8, 15, 16, 17, 24, 32, 33, 48])
        made.outputs = random.pick([1, 2, 3, 8, 10, 16, 17, 24, 32, 33, 40])
        if isWide {
            made.height = random.pick([1, 1, 2, 16, 512, 1024, 4096, 65_535])
            made.width = random.pick([1, 1, 2, 16, 512, 1024, 4096])
            made.channels = random.pick([1, 1, 4, 16, 64, 256, 1024, 8192])
            made.outputs = random.pick([1, 4, 16, 64])
            while Int64(made.height) * Int64(made.width) * Int64(made.channels) > 1 << 22 {
                if made.height > made.width { made.height /= 2 } else { made.width /= 2 }
            }
        }
        if made.kind == .convolutionInt8 || made.kind == .convolutionFloat, random.oneIn(3) {
            let sizes = [1, 2, 3, 4, 5, 8, 16, 32, 64, 256, 1024].filter { made.channels % $0 == 0 }
            made.groups = random.pick(sizes)
            made.outputs = made.groups * max(1, made.outputs / made.groups)
        }
    }

    private static func setWindow(_ made: inout OperatorCase, _ isWide: Bool, _ random: inout Random) {
        let sides: [Int32] = isWide ? [1, 1, 2, 7, 16, 256, 1000, 1024] : [1, 1, 1, 2, 3, 3, 5, 7]
        let strides: [Int32] = isWide ? [1, 2, 16, 100, 1024] : [1, 1, 1, 2, 2, 3]
        let pads: [Int32] = isWide ? [0, 0, 1, 100, 1023, 4095, 4096] : [0, 0, 1, 1, 2, 3]
        var window = LoweredWindow()
        (window.kernelHeight, window.kernelWidth) = (random.pick(sides), random.pick(sides))
        (window.strideHeight, window.strideWidth) = (random.pick(strides), random.pick(strides))
        (window.padTop, window.padLeft) = (random.pick(pads), random.pick(pads))
        (window.padBottom, window.padRight) = (random.pick(pads), random.pick(pads))
        if made.isConvolution {
            let dilations: [Int32] = isWide ? [1, 1, 1, 2, 4, 1024] : [1, 1, 1, 1, 2, 3]
            (window.dilationHeight, window.dilationWidth) = (random.pick(dilations), random.pick(dilations))
            let perGroup = made.isDepthwise ? 1 : made.channels / made.groups
            shrink(&window, until: min(16_384, (1 << 18) / made.outputChannels) / perGroup)
        } else {
            (window.padTop, window.padBottom) = (
                min(window.padTop, window.kernelHeight - 1), min(window.padBottom, window.kernelHeight - 1)
            )
            (window.padLeft, window.padRight) = (min(window.padLeft, window.kernelWidth - 1), min(window.padRight, window.kernelWidth - 1))
        }
        made.window = window
        // Windows that do not fit are refused: one in eight stays.
        let (height, width) = made.outputSize
        if height < 1 && !random.oneIn(8) { made.window.kernelHeight = 1 }
        if width < 1 && !random.oneIn(8) { made.window.kernelWidth = 1 }
        let size = made.outputSize
        if made.isConvolution, made.outputChannels == made.channels, size.height == made.height, size.width == made.width {
            made.hasResidual = random.oneIn(2)
        }
    }

    /// To `positions` of the kernel, or to one.
    private static func shrink(_ window: inout LoweredWindow, until positions: Int) {
        while Int(window.kernelHeight) * Int(window.kernelWidth) > max(positions, 1) {
            if window.kernelWidth > window.kernelHeight { window.kernelWidth /= 2 } else { window.kernelHeight /= 2 }
        }
    }

    private static func setActivation(_ made: inout OperatorCase, _ random: inout Random) {
        switch made.kind {
        case .convolutionInt8, .depthwiseInt8: made.activation = !made.hasResidual && random.oneIn(3) ? .hardSwish : .linear
        case .convolutionFloat, .depthwiseFloat, .addFloat, .activationFloat:
            made.activation = LoweredActivation(rawValue: UInt8(random.below(15))) ?? .linear
            (made.activationA, made.activationB) = (random.pick([0, -1, 0.2, 1e30]), random.pick([0.5, 6, -1e30]))
            if made.activation.rawValue > LoweredActivation.hardSigmoid.rawValue { made.activationB = 0 }
        default: break
        }
    }

    private static func setParameters(_ made: inout OperatorCase, _ random: inout Random) {
        made.weights = random.pick([.random, .random, .lowest, .highest, .alternating])
        if random.oneIn(8) { made.lowestWeight = -128 }
        if random.oneIn(4) { made.bias = random.pick([0, 1 << 28, -(1 << 28), (1 << 28) + 1, Int32.min, Int32.max]) }
        if random.oneIn(6) { made.multiplier = random.pick([0, 1e-20, 1e-21, 0.5, 0.51, 16_384, 16_385, 1e20, -1, .infinity, .nan]) }
        if random.oneIn(6) { made.secondMultiplier = random.pick([0, 1e-20, 16_384, 16_385, .nan]) }
        if random.oneIn(6) { made.inputScale = random.pick([1e-20, 1e20, 1, 9e-21, .nan]) }
        if random.oneIn(6) { made.outputScale = random.pick([1e-20, 1e20, 1, 1.1e20, 0]) }
        if random.oneIn(4) { made.inputZero = random.pick([-128, 127, 0]) }
        if random.oneIn(4) { made.outputZero = random.pick([-128, 127, 0]) }
        if random.oneIn(8) { made.offset = random.pick([-1024, 1024, 1025, .nan, 0.5]) }
        if random.oneIn(8) && !made.takesFloat { made.inputOffset = random.pick([-1024, 1024, 1025, .nan, 0.5]) }
        if random.oneIn(8) { made.floatWeight = random.pick([0, 1e38, -1e38, .infinity, .nan, 0x1p-130]) }
    }
}
