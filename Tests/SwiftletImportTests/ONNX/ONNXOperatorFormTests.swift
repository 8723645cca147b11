import SwiftletGraph
import XCTest

@testable import SwiftletImport

/// Operators whose attributes became inputs, or whose defaults moved, from opset to opset: every form means the same.
final class ONNXOperatorFormTests: XCTestCase {
    /// [height 3][width 4][channels 2]: 1 ... 24, some of it negative.
    private let picture = (1...24).map { Float($0 % 5 == 0 ? -$0 : $0) }

    private func check(
        _ opsets: [Int], expected: [Float], input: [Int?] = [1, 2, 3, 4], picture: [Float]? = nil, line: UInt = #line,
        _ build: (inout ONNXModelBuilder, Int) -> String
    ) throws {
        for opset in opsets {
            var builder = ONNXModelBuilder(opset: opset, input: input)
            let output = build(&builder, opset)
            let result = try builder.result(output: output, picture ?? self.picture)
            XCTAssertEqual(result.count, expected.count, "opset \(opset)", line: line)
            for (actual, wanted) in zip(result, expected) {
                XCTAssertEqual(actual, wanted, accuracy: 1e-5, "opset \(opset)", line: line)
            }
        }
    }

    func testClip() throws {
        try check([9, 10, 11, 13, 22], expected: picture.map { min(max($0, 0), 6) }) { builder, opset in
            if opset < 11 { return builder.node("Clip", ["x"], ["min": .float(0), "max": .float(6)]) }
            return builder.node("Clip", ["x", builder.floats([0], []), builder.floats([6], [])])
        }
        try check([9, 11], expected: picture.map { min($0, 6) }) { builder, opset in
            if opset < 11 { return builder.node("Clip", ["x"], ["max": .float(6)]) }
            return builder.node("Clip", ["x", "", builder.floats([6], [])])
        }
    }

    func testActivations() throws {
        try check([9, 22], expected: picture.map { min(max($0 * 0.2 + 0.5, 0), 1) }) { builder, _ in builder.node("HardSigmoid", ["x"]) }
        try check([9], expected: picture.map { min(max($0 * 0.25 + 1, 0), 1) }) { builder, _ in
            builder.node("HardSigmoid", ["x"], ["alpha": .float(0.25), "beta": .float(1)])
        }
        try check([14, 22], expected: picture.map { $0 * min(max($0 + 3, 0), 6) / 6 }) { builder, _ in builder.node("HardSwish", ["x"]) }
        try check([9], expected: picture.map { max($0, 0) }) { builder, _ in builder.node("Relu", ["x"]) }
        try check([9], expected: picture.map { Float(1 / (1 + exp(-Double($0)))) }) { builder, _ in builder.node("Sigmoid", ["x"]) }
        try check([9, 13], expected: picture.map { max(min($0, 6), 0) }) { builder, _ in
            let low = builder.node("Min", [builder.floats([6]), "x"])
            return builder.node("Max", [low, builder.floats([0], [])])
        }
    }

    /// Twice the columns, in every form that operators for it have had.
    func testResize() throws {
        func columns(_ positions: [Int]) -> [Float] {
            var result: [Float] = []
            for row in 0..<3 {
                for position in positions {
                    let start = (row * 4 + position) * 2
                    result += picture[start..<start + 2]
                }
            }
            return result
        }
        let scales: [Float] = [1, 1, 1, 2]
        func resize(_ builder: inout ONNXModelBuilder, _ opset: Int, _ attributes: [String: ONNXModelBuilder.Attribute]) -> String {
            let region = opset < 13 ? builder.floats([]) : ""
            if opset >= 18 {
                let named = attributes.merging(["axes": .ints([-1])]) { $1 }
                return builder.node("Resize", ["x", "", "", builder.integers([8])], named)
            }
            return builder.node("Resize", ["x", region, builder.floats(scales)], attributes)
        }
        try check([7, 9, 10, 11, 13, 18, 19], expected: columns([0, 0, 1, 1, 2, 2, 3, 3])) { builder, opset in
            switch opset {
            case 7: return builder.node("Upsample", ["x"], ["scales": .floats(scales)])
            case 9: return builder.node("Upsample", ["x", builder.floats(scales)])
            case 10: return builder.node("Resize", ["x", builder.floats(scales)])
            default: return resize(&builder, opset, [:])
            }
        }
        try check([11, 13, 18], expected: columns([0, 1, 1, 2, 2, 3, 3, 3])) { builder, opset in
            resize(&builder, opset, ["coordinate_transformation_mode": .string("asymmetric"), "nearest_mode": .string("ceil")])
        }
        let (before, after) = (columns([0, 0, 0, 1, 1, 2, 2, 3]), columns([0, 1, 1, 2, 2, 3, 3, 3]))
        let shares: [Float] = [0, 0, 0.25, 0.25, 0.75, 0.75, 0.25, 0.25, 0.75, 0.75, 0.25, 0.25, 0.75, 0.75, 0, 0]
        var linear = before
        for index in linear.indices { linear[index] += (after[index] - before[index]) * shares[index % 16] }
        try check([11, 13, 18], expected: linear) { builder, opset in resize(&builder, opset, ["mode": .string("linear")]) }
        for mode in ["half_pixel_symmetric", "tf_crop_and_resize"] {
            var builder = ONNXModelBuilder(opset: 13)
            let output = resize(&builder, 13, ["coordinate_transformation_mode": .string(mode)])
            XCTAssertThrowsError(try builder.result(output: output, picture), mode)
        }
    }

    func testPad() throws {
        // One row above, one column to the right.
        var expected: [Float] = [Float](repeating: 0, count: 10)
        for row in 0..<3 { expected += picture[row * 8..<(row + 1) * 8] + [0, 0] }
        try check([9, 11, 13, 18], expected: expected) { builder, opset in
            let pads = [0, 0, 1, 0, 0, 0, 0, 1]
            if opset < 11 { return builder.node("Pad", ["x"], ["pads": .ints(pads), "mode": .string("constant")]) }
            return builder.node("Pad", ["x", builder.integers(pads), builder.floats([0], [])])
        }
        try check([18, 21], expected: expected) { builder, _ in
            builder.node("Pad", ["x", builder.integers([1, 0, 0, 1]), "", builder.integers([-2, 3])])
        }
    }

    func testReduceMean() throws {
        let means = (0..<2).map { channel in stride(from: channel, to: 24, by: 2).reduce(0) { $0 + picture[$1] } / 12 }
        for keeps in [0, 1] {
            try check([9, 13, 17, 18, 22], expected: means) { builder, opset in
                if opset < 18 { return builder.node("ReduceMean", ["x"], ["axes": .ints([2, -1]), "keepdims": .int(keeps)]) }
                return builder.node("ReduceMean", ["x", builder.integers([-2, 3])], ["keepdims": .int(keeps)])
            }
        }
        try check([9, 22], expected: means) { builder, _ in builder.node("GlobalAveragePool", ["x"]) }
        try check([18], expected: picture.map { max($0, 0) }) { builder, _ in
            builder.node("ReduceMean", [builder.node("Relu", ["x"])], ["noop_with_empty_axes": .int(1)])
        }
    }

    func testSqueezeAndUnsqueeze() throws {
        try check([9, 11, 13, 22], expected: [-5, 6], input: [1, 2], picture: [5, 6]) { builder, opset in
            let negated = builder.node("Mul", ["x", builder.floats([-1, 1])])
            func axes(_ axes: [Int], _ type: String, _ input: String) -> String {
                opset < 13 ? builder.node(type, [input], ["axes": .ints(axes)]) : builder.node(type, [input, builder.integers(axes)])
            }
            return axes([2, 3], "Squeeze", axes([2, 3], "Unsqueeze", negated))
        }
    }

    func testSoftmax() throws {
        for (opset, axis) in [(9, nil), (12, 1), (13, nil), (13, 1), (22, -1)] as [(Int, Int?)] {
            var builder = ONNXModelBuilder(opset: opset, input: [nil, 5])
            let output = builder.node("Softmax", [builder.node("Relu", ["x"])], axis.map { ["axis": .int($0)] } ?? [:])
            let network = try builder.graph(output: output).network()
            XCTAssertTrue(network.endsInSoftmax)
            XCTAssertEqual(network.layers.count, 1)
        }
    }

    func testSlice() throws {
        // The second of two factors, taken by attributes or by inputs.
        try check([9, 10, 13], expected: picture.map { $0 * 3 }) { builder, opset in
            let factors = builder.floats([2, 3])
            if opset < 10 {
                return builder.node("Mul", ["x", builder.node("Slice", [factors], ["starts": .ints([1]), "ends": .ints([2])])])
            }
            let slice = builder.node("Slice", [factors, builder.integers([-1]), builder.integers([Int.max]), builder.integers([0])])
            return builder.node("Mul", ["x", slice])
        }
    }

    func testConstants() throws {
        let forms: [(Int, ONNXModelBuilder.Attribute, String)] = [
            (9, .tensor(ONNXModelBuilder.tensor([2], [])), "value"), (12, .float(2), "value_float"), (12, .floats([2]), "value_floats"),
            (12, .int(2), "value_int"), (12, .ints([2]), "value_ints"),
        ]
        for (opset, value, name) in forms {
            try check([opset], expected: picture.map { $0 * 2 }) { builder, _ in
                builder.node("Mul", [builder.node("Cast", [builder.node("Constant", [], [name: value])], ["to": .int(1)]), "x"])
            }
        }
        try check([9], expected: picture.map { $0 + 0.5 }) { builder, _ in
            let half = builder.node("ConstantOfShape", [builder.integers([1])], ["value": .tensor(ONNXModelBuilder.tensor([0.5], [1]))])
            return builder.node("Add", ["x", half])
        }
        try check([11], expected: picture.enumerated().map { $1 * Float($0 % 2) }) { builder, _ in
            let range = builder.node("Range", [builder.integers([0], []), builder.integers([2], []), builder.integers([1], [])])
            let factors = builder.node("Reshape", [builder.node("Cast", [range], ["to": .int(1)]), builder.integers([2, 1, 1])])
            return builder.node("Mul", ["x", factors])
        }
    }

    func testDropoutIsNothing() throws {
        try check([9, 12, 22], expected: picture.map { max($0, 0) }) { builder, opset in
            let relu = builder.node("Relu", ["x"])
            if opset < 12 { return builder.node("Dropout", [relu], ["ratio": .float(0.2)]) }
            return builder.node("Dropout", [relu, builder.floats([0.2], [])])
        }
    }

    func testConvPadding() throws {
        // 4 wide, kernel 3, stride 2: SAME pads 1, at the end or at the start.
        let row: [Float] = [1, 2, 3, 4]
        let expected: [(String, [Float])] = [("SAME_UPPER", [6, 7]), ("SAME_LOWER", [3, 9]), ("VALID", [6]), ("NOTSET", [3, 9, 4])]
        for (rule, sums) in expected {
            try check([9, 22], expected: sums, input: [1, 1, 1, 4], picture: row) { builder, _ in
                var attributes: [String: ONNXModelBuilder.Attribute] = ["auto_pad": .string(rule), "strides": .ints([1, 2])]
                if rule == "NOTSET" { attributes["pads"] = .ints([0, 1, 0, 2]) }
                return builder.node("Conv", ["x", builder.floats([1, 1, 1], [1, 1, 1, 3])], attributes)
            }
        }
    }

    func testPools() throws {
        let row: [Float] = [1, 2, 3, 4, 6]
        func pool(_ type: String, _ more: [String: ONNXModelBuilder.Attribute], _ expected: [Float]) throws {
            try check([10, 22], expected: expected, input: [1, 1, 1, 5], picture: row) { builder, _ in
                let attributes = more.merging(["kernel_shape": .ints([1, 2]), "strides": .ints([1, 2])]) { first, _ in first }
                return builder.node(type, ["x"], attributes)
            }
        }
        try pool("MaxPool", [:], [2, 4])
        try pool("MaxPool", ["ceil_mode": .int(1)], [2, 4, 6])
        try pool("MaxPool", ["pads": .ints([0, 1, 0, 0])], [1, 3, 6])
        try pool("AveragePool", ["ceil_mode": .int(1)], [1.5, 3.5, 6])
        try pool("AveragePool", ["pads": .ints([0, 1, 0, 0])], [1, 2.5, 5])
        try pool("AveragePool", ["pads": .ints([0, 1, 0, 0]), "count_include_pad": .int(1)], [0.5, 2.5, 5])
        try pool("AveragePool", ["auto_pad": .string("SAME_UPPER")], [1.5, 3.5, 6])
    }

    func testGemmAndFlatten() throws {
        try check([9, 13, 22], expected: [2 * (1 + 2 * 10) + 3], input: [1, 2, 1, 1], picture: [1, 10]) { builder, _ in
            let flat = builder.node("Flatten", ["x"])
            let attributes: [String: ONNXModelBuilder.Attribute] = ["transB": .int(1), "alpha": .float(2), "beta": .float(0.5)]
            return builder.node("Gemm", [flat, builder.floats([1, 2], [1, 2]), builder.floats([6])], attributes)
        }
    }

    func testBatchNormalization() throws {
        try check([9, 14, 15], expected: picture.enumerated().map { $0 % 2 == 0 ? $1 * 2 : ($1 - 4) / 2 + 1 }) { builder, _ in
            let vectors = [[4, 1], [0, 1], [0, 4], [3, 3]].map { builder.floats($0) }
            return builder.node("BatchNormalization", ["x"] + vectors, ["epsilon": .float(1)])
        }
    }

    func testChannelsLastInput() throws {
        try check([9, 13], expected: [1 + 4, 2 + 5, 3 + 6], input: [nil, 2, 1, 3], picture: [1, 2, 3, 4, 5, 6]) { builder, opset in
            let first = builder.node("Transpose", ["x"], ["perm": .ints([0, 3, 1, 2])])
            let pair = builder.floats([Float](repeating: 1, count: 6), [3, 1, 2, 1])
            return builder.node("Conv", [first, pair], ["group": .int(3)])
        }
    }
}
