import CKernels
import XCTest

/// The references themselves, on examples small enough to work by hand. Values are canonical; `Example` converts them to memory's form.
final class Int8ReferenceTests: XCTestCase {
    func testLinearRoundsHalfToEvenAndSaturates() {
        // One position, two inputs. Sums: 3*10 - 2*5 + 1 = 21; 100*10 + 100*5 = 1500; -7*10 + 5 + 60 = -5.
        var e = Example(SK_CONV_S8, height: 1, width: 1, channels: 2, outputs: 3)
        e.input = [10, 5]
        e.weights = [3, -2, 100, 100, -7, 1]
        e.bias = [1, 0, 60]
        e.multiplier = [0.5, 1, 0.5]  // 10.5 -> 10, 1500 -> 127, -2.5 -> -2
        e.outZero = [3, -20, 0]
        XCTAssertEqual(e.run(), [13, 127, -2])
    }

    func testResidualIsAddedBeforeRounding() {
        // 0.3 * 5 + 0.25 * (7 - 3) = 2.5 -> 2; with the residual one higher 2.75 -> 3.
        var e = Example(SK_CONV_S8, height: 1, width: 1, channels: 1, outputs: 2)
        e.shape.residual = 1
        e.input = [5]
        e.second = [7, 8]
        e.weights = [1, 1]
        e.bias = [1, 1]
        e.multiplier = [0.25, 0.25]  // 1.5
        e.secondZero = [3, 3]
        e.secondMultiplier = [0.25, 0.25]
        e.outZero = [0, 100]
        XCTAssertEqual(e.run(), [2, 103])
    }

    func testHardSwish() {
        // x = -4, -3, -1, 1, 4: x * clamp(x + 3, 0, 6) = 0, 0, -2, 4, 24. k = 0.5, zero point -10.
        var e = Example(SK_CONV_S8, height: 1, width: 5, channels: 1, outputs: 1)
        e.shape.activation = Int32(SK_HARD_SWISH.rawValue)
        e.input = [-8, -6, -2, 2, 8]
        e.weights = [1]
        e.multiplier = [0.5]
        e.outFactor = [0.5]
        e.outZero = [-10]
        XCTAssertEqual(e.run(), [-10, -10, -11, -8, 2])
    }

    func testPaddingIsTheInputZeroPoint() {
        // A 1x3 window of ones over [1, 2, 3] with zero point 50 on both sides.
        var e = Example(SK_CONV_S8, height: 1, width: 3, channels: 1, outputs: 1)
        e.shape.kernel_w = 3
        e.shape.pad_left = 1
        e.shape.pad_right = 1
        e.input = [1, 2, 3]
        e.inZero = [50]
        e.weights = [1, 1, 1]
        XCTAssertEqual(e.run(), [53, 6, 55])
    }

    func testStrideDilationAndGroups() {
        // Two groups of one input and two outputs; taps 2 apart, stride 2: positions 0+2 and 2+4 of [1, 2, 3, 4, 5] and [10, 20, 30, 40,
        // 50].
        var e = Example(SK_CONV_S8, height: 1, width: 5, channels: 2, outputs: 4)
        e.shape.groups = 2
        e.shape.kernel_w = 2
        e.shape.dilation_w = 2
        e.shape.stride_w = 2
        e.shape.out_w = 2
        e.input = [1, 10, 2, 20, 3, 30, 4, 40, 5, 50]
        e.weights = [1, 1, 1, -1, 1, 1, 1, -1]
        XCTAssertEqual(e.run(), [4, -2, 40, -20, 8, -2, 80, -20])
    }

    func testDepthwise() {
        // Two channels, 1x2 windows: weights (1, 2) and (-1, 1).
        var e = Example(SK_DEPTHWISE_S8, height: 1, width: 3, channels: 2, outputs: 2)
        e.shape.groups = 2
        e.shape.kernel_w = 2
        e.shape.out_w = 2
        e.input = [1, 10, 2, 20, 3, 40]
        e.weights = [1, 2, -1, 1]
        e.bias = [5, 0]
        e.outZero = [0, 1]
        XCTAssertEqual(e.run(), [10, 11, 13, 21])
    }

    func testGlobalPool() {
        var e = Example(SK_GLOBAL_POOL_S8, height: 2, width: 2, channels: 2, outputs: 2)
        e.shape.out_h = 1
        e.shape.out_w = 1
        e.input = [1, -1, 2, -2, 3, -3, 4, -4]
        e.bias = [0, 4]
        e.multiplier = [0.25, 0.25]  // 10 / 4 = 2.5 -> 2; -6 / 4 = -1.5 -> -2
        e.outZero = [0, 1]
        XCTAssertEqual(e.run(), [2, -1])
    }

    func testPools() {
        var e = Example(SK_POOL_S8, height: 1, width: 3, channels: 1, outputs: 1)
        e.shape.kernel_w = 3
        e.shape.pad_left = 1
        e.shape.pad_right = 1
        e.input = [-8, -2, -6]
        e.inZero = [-10]
        e.shape.pool_max = 1
        XCTAssertEqual(e.run(), [-2, -2, -2])
        // Above the zero point: 2, 8, 4. Averages of 2, 3, 2 values: 5, 14/3, 6.
        e.shape.pool_max = 0
        e.outZero = [0]
        XCTAssertEqual(e.run(), [5, 5, 6])
        // Always divided by 3: 10/3, 14/3, 4.
        e.shape.pool_count_pad = 1
        XCTAssertEqual(e.run(), [3, 5, 4])
    }

    func testMultiplyByAGateAndByAMap() {
        var e = Example(SK_MUL_S8, height: 1, width: 2, channels: 2, outputs: 2)
        e.input = [11, 12, 13, 14]
        e.inZero = [10, 10]
        e.second = [4, -6]
        e.secondZero = [0, -10]
        e.shape.gate = 1
        e.outZero = [1, 0]
        XCTAssertEqual(e.run(), [5, 8, 13, 16])
        e.shape.gate = 0
        e.second = [1, -9, 2, -8]
        XCTAssertEqual(e.run(), [2, 2, 7, 8])
    }

    func testAdd() {
        // 0.5 * (11 - 10) + 2 * (3 - 1) = 4.5 -> 4; 0.5 * (13 - 10) + 2 * (1 - 1) = 1.5 -> 2.
        var e = Example(SK_ADD_S8, height: 1, width: 2, channels: 1, outputs: 1)
        e.input = [11, 13]
        e.inZero = [10]
        e.multiplier = [0.5]
        e.second = [3, 1]
        e.secondZero = [1]
        e.secondMultiplier = [2]
        e.outZero = [-1]
        XCTAssertEqual(e.run(), [3, 1])
    }

    func testTable() {
        var e = Example(SK_TABLE_S8, height: 1, width: 3, channels: 1, outputs: 1)
        e.input = [-128, 0, 127]
        e.table = (0..<256).map { UInt8(255 - $0) }
        XCTAssertEqual(e.run(), [127, -1, -128])
    }

    func testQuantizeAndDequantize() {
        var e = Example(SK_QUANTIZE, height: 1, width: 6, channels: 1, outputs: 1)
        e.floats = [0, 0.25, 0.75, 1000, -.infinity, .nan]
        e.scale = [2]
        e.offset = [10]  // 10, 10.5 -> 10, 11.5 -> 12
        XCTAssertEqual(e.run(), [10, 10, 12, 127, -128, -128])

        var d = Example(SK_DEQUANTIZE, height: 1, width: 3, channels: 1, outputs: 1)
        d.input = [-128, 10, 127]
        d.inZero = [10]
        d.scale = [0.5]
        XCTAssertEqual(d.runToFloats(), [-69, 0, 58.5])
    }

    func testQuantizeAndDequantizeByChannel() {
        var e = Example(SK_QUANTIZE, height: 1, width: 2, channels: 2, outputs: 2)
        e.floats = [1.5, 1.5, 0.25, 3.5]
        e.scale = [2, 0.5]
        e.offset = [10, -0.25]  // 13, 0.5 -> 0, 10.5 -> 10, 1.5 -> 2
        XCTAssertEqual(e.run(), [13, 0, 10, 2])

        var d = Example(SK_DEQUANTIZE, height: 1, width: 2, channels: 2, outputs: 2)
        d.input = [-128, 127, 1, -1]
        d.inZero = [0, -1]
        d.scale = [0.5, 0.25]
        XCTAssertEqual(d.runToFloats(), [-64, 32, 0.5, 0])
    }
}
