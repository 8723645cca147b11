import CKernels
import XCTest

/// The float32 references, the oracles of all other float kernels, on examples small enough to work by hand.
final class FloatReferenceTests: XCTestCase {
    // MARK: - Convolutions

    func testPointwiseConvolution() {
        // 0.5 + 1*1 + 2*2 = 5.5; 1*0.5 - 2 = -1.5; -3.
        var e = Example(SK_CONV_F32, height: 1, width: 1, channels: 2, outputs: 3)
        e.floats = [1, 2]
        e.floatWeights = [1, 2, 0.5, -1, 0, 0]
        e.floatBias = [0.5, 0, -3]
        XCTAssertEqual(e.runToFloats(), [5.5, -1.5, -3])
    }

    /// A 2x2 window with weights 1, 10, 100, 1000 every 2 positions over 1 ... 9, with a pad above and on the left.
    private func strided(_ op: sk_operator, channels: Int32) -> Example {
        var e = Example(op, height: 3, width: 3, channels: channels, outputs: channels)
        (e.shape.kernel_h, e.shape.kernel_w, e.shape.stride_h, e.shape.stride_w) = (2, 2, 2, 2)
        (e.shape.pad_top, e.shape.pad_left, e.shape.out_h, e.shape.out_w) = (1, 1, 2, 2)
        return e
    }

    func testStrideAndPadding() {
        // What lies outside counts as 0: 1*1000; 2*100 + 3*1000; 4*10 + 7*1000; 5 + 60 + 800 + 9000.
        var e = strided(SK_CONV_F32, channels: 1)
        e.floats = [1, 2, 3, 4, 5, 6, 7, 8, 9]
        e.floatWeights = [1, 10, 100, 1000]
        XCTAssertEqual(e.runToFloats(), [1000, 3200, 7040, 9865])
    }

    func testDilationAndGroups() {
        // Two groups of one input and two outputs; taps 2 apart, stride 2: positions 0+2 and 2+4 of 1 ... 5 and 10 ... 50.
        var e = Example(SK_CONV_F32, height: 1, width: 5, channels: 2, outputs: 4)
        (e.shape.groups, e.shape.kernel_w, e.shape.dilation_w, e.shape.stride_w, e.shape.out_w) = (2, 2, 2, 2, 2)
        e.floats = [1, 10, 2, 20, 3, 30, 4, 40, 5, 50]
        e.floatWeights = [1, 1, 1, -1, 0.5, 0.5, 1, -1]
        XCTAssertEqual(e.runToFloats(), [4, -2, 20, -20, 8, -2, 40, -20])
    }

    func testResidualIsAddedBeforeTheActivation() {
        // 2 - 5 + 1 = -2 -> 0 (after it: 1); 7 - 5 + 1 = 3.
        for op in [SK_CONV_F32, SK_DEPTHWISE_F32] {
            var e = Example(op, height: 1, width: 2, channels: 1, outputs: 1)
            e.shape.residual = 1
            e.shape.activation = Int32(SK_RELU.rawValue)
            e.floats = [2, 7]
            e.secondFloats = [1, 1]
            e.floatWeights = [1]
            e.floatBias = [-5]
            XCTAssertEqual(e.runToFloats(), [0, 3], "\(op)")
        }
    }

    func testOneFusedChainThatBeginsWithTheBias() {
        // (1 + 2^-12)^2 - 1 = 2^-11 + 2^-24, of which a rounded product would lose the last bit. 2^24 + 1 + 1 = 2^24, one at a time.
        var e = Example(SK_CONV_F32, height: 1, width: 1, channels: 2, outputs: 2)
        e.floats = [1 + 0x1p-12, 1]
        e.floatWeights = [1 + 0x1p-12, 0, 0, 1]
        e.floatBias = [-1, 0]
        XCTAssertEqual(e.runToFloats(), [0x1p-11 + 0x1p-24, 1])
        e.floats = [1, 1]
        e.floatWeights = [1, 1, -1, 1]
        e.floatBias = [0x1p24, 3]
        XCTAssertEqual(e.runToFloats(), [0x1p24, 3])
    }

    func testDepthwise() {
        // Two channels, 1x2 windows: weights (1, 2) and (-1, 1).
        var e = Example(SK_DEPTHWISE_F32, height: 1, width: 3, channels: 2, outputs: 2)
        (e.shape.groups, e.shape.kernel_w, e.shape.out_w) = (2, 2, 2)
        e.floats = [1, 10, 2, 20, 3, 40]
        e.floatWeights = [1, 2, -1, 1]
        e.floatBias = [5, 0.5]
        XCTAssertEqual(e.runToFloats(), [10, 10.5, 13, 20.5])
    }

    func testDepthwiseStrideAndPadding() {
        // The first channel as in `testStrideAndPadding`, the second one half of it.
        var e = strided(SK_DEPTHWISE_F32, channels: 2)
        e.shape.groups = 2
        e.floats = (1...9).flatMap { [Float($0), Float($0) / 2] }
        e.floatWeights = [1, 10, 100, 1000, 1, 10, 100, 1000]
        XCTAssertEqual(e.runToFloats(), [1000, 500, 3200, 1600, 7040, 3520, 9865, 4932.5])
    }

    func testDepthwiseDilation() {
        var e = Example(SK_DEPTHWISE_F32, height: 1, width: 5, channels: 1, outputs: 1)
        (e.shape.kernel_w, e.shape.dilation_w, e.shape.stride_w, e.shape.out_w) = (2, 2, 2, 2)
        e.floats = [1, 2, 3, 4, 5]
        e.floatWeights = [1, 10]
        XCTAssertEqual(e.runToFloats(), [31, 53])
    }

    // MARK: - Pools

    func testGlobalPool() {
        var e = Example(SK_GLOBAL_POOL_F32, height: 2, width: 2, channels: 2, outputs: 2)
        (e.shape.out_h, e.shape.out_w) = (1, 1)
        e.floats = [1, 0x1p24, 2, 1, 3, 1, 4, -0x1p24]
        // 10 / 4; 2^24 + 1 + 1 - 2^24 = 0 in row order.
        XCTAssertEqual(e.runToFloats(), [2.5, 0])
    }

    func testPools() {
        // Nothing outside counts: not as 0 for the maximum, nor for the average of what lies inside.
        var e = Example(SK_POOL_F32, height: 1, width: 3, channels: 1, outputs: 1)
        (e.shape.kernel_w, e.shape.pad_left, e.shape.pad_right) = (3, 1, 1)
        e.floats = [-6, -3, -3]
        e.shape.pool_max = 1
        XCTAssertEqual(e.runToFloats(), [-3, -3, -3])
        e.shape.pool_max = 0
        XCTAssertEqual(e.runToFloats(), [-4.5, -4, -3])
        // Always divided by 3.
        e.shape.pool_count_pad = 1
        XCTAssertEqual(e.runToFloats(), [-3, -4, -2])
    }

    func testPoolsWithStrides() {
        var e = Example(SK_POOL_F32, height: 2, width: 4, channels: 1, outputs: 1)
        (e.shape.kernel_h, e.shape.kernel_w, e.shape.stride_h, e.shape.stride_w) = (2, 2, 2, 2)
        (e.shape.out_h, e.shape.out_w) = (1, 2)
        e.floats = [1, 5, 2, 0, 3, 4, -1, 7]
        e.shape.pool_max = 1
        XCTAssertEqual(e.runToFloats(), [5, 7])
        e.shape.pool_max = 0
        XCTAssertEqual(e.runToFloats(), [3.25, 2])
    }

    // MARK: - Element by element

    func testMultiplyByAGateAndByAMap() {
        var e = Example(SK_MUL_F32, height: 1, width: 2, channels: 2, outputs: 2)
        e.floats = [1, 2, 3, 4]
        e.secondFloats = [0.5, -1]
        e.shape.gate = 1
        XCTAssertEqual(e.runToFloats(), [0.5, -2, 1.5, -4])
        e.shape.gate = 0
        e.secondFloats = [0.5, -1, 2, 10]
        XCTAssertEqual(e.runToFloats(), [0.5, -2, 6, 40])
    }

    func testAddsAVectorOrAMapThenActivates() {
        var e = Example(SK_ADD_F32, height: 1, width: 2, channels: 2, outputs: 2)
        e.floats = [1, -2, 3, -4]
        e.secondFloats = [0.5, 3]
        e.shape.gate = 1
        XCTAssertEqual(e.runToFloats(), [1.5, 1, 3.5, -1])
        e.shape.gate = 0
        e.secondFloats = [0.5, 3, -4, 5]
        e.shape.activation = Int32(SK_RELU.rawValue)
        XCTAssertEqual(e.runToFloats(), [1.5, 1, 0, 1])
    }

    // MARK: - Activations

    /// What an activation gives of `x`, alone and at a convolution's end.
    private func activated(_ x: [Float], _ activation: sk_activation, _ a: Float = 0, _ b: Float = 0) -> [Float] {
        var e = Example(SK_ACTIVATION_F32, height: 1, width: Int32(x.count), channels: 1, outputs: 1)
        e.shape.activation = Int32(activation.rawValue)
        (e.shape.act_a, e.shape.act_b) = (a, b)
        e.floats = x
        let alone = e.runToFloats()
        var fused = Example(SK_CONV_F32, height: 1, width: Int32(x.count), channels: 1, outputs: 1)
        (fused.shape.activation, fused.shape.act_a, fused.shape.act_b) = (e.shape.activation, a, b)
        fused.floats = x
        fused.floatWeights = [1]
        XCTAssertEqual(fused.runToFloats().map(\.bitPattern), alone.map(\.bitPattern))
        return alone
    }

    func testPiecewiseActivations() {
        XCTAssertEqual(activated([-1, 0, 2], SK_LINEAR), [-1, 0, 2])
        XCTAssertEqual(activated([-1, 0, 2], SK_RELU), [0, 0, 2])
        XCTAssertEqual(activated([-1, 0, 2], SK_CLIP, -0.5, 1), [-0.5, 0, 1])
        // 0.25 x + 0.5: -0.25, 0.5, 0.75, 1.25.
        XCTAssertEqual(activated([-3, 0, 1, 3], SK_HARD_SIGMOID, 0.25, 0.5), [0, 0.5, 0.75, 1])
        // x * clamp(x + 3, 0, 6) / 6: 0, 0, -1.5 * 0.25, 3 * 1, 6 * 1.
        XCTAssertEqual(activated([-4, -3, -1.5, 3, 6], SK_HARD_SWISH), [0, 0, -0.375, 3, 6])
    }

    func testExponentialActivations() {
        let x: [Float] = [0, Float(log(3.0)), -Float(log(3.0)), 200, -200]
        let sigmoid = activated(x, SK_SIGMOID)  // 1 / (1 + 1), 1 / (1 + 1/3), 1 / (1 + 3)
        for (got, wanted) in zip(sigmoid, [0.5, 0.75, 0.25, 1, 0] as [Float]) { XCTAssertEqual(got, wanted, accuracy: 1e-7) }
        XCTAssertEqual([sigmoid[0], sigmoid[3], sigmoid[4]], [0.5, 1, 0])
        XCTAssertEqual(activated(x, SK_SWISH), zip(x, sigmoid).map { $0 * $1 })
        XCTAssertTrue(activated([.nan], SK_SIGMOID)[0].isNaN)
    }
}
