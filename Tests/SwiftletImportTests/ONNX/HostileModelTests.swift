import Foundation
import SharedFiles
import SwiftletGraph
import XCTest

@testable import SwiftletImport

/// Files of a few hundred bytes that ask for gigabytes, hours or what does not exist: each is refused in one line.
final class HostileModelTests: XCTestCase {
    /// - Parameter build: adds nodes and returns the output's name.
    private func assertRefused(_ reason: String = "", line: UInt = #line, _ build: (inout ONNXModelBuilder) -> String) {
        var builder = ONNXModelBuilder(opset: 13)
        let output = build(&builder)
        XCTAssertThrowsError(try builder.graph(output: output).network(), line: line) { error in
            XCTAssertTrue(reason.isEmpty || "\(error)".contains(reason), "\(error)", line: line)
            XCTAssertFalse("\(error)".contains("\n"), line: line)
        }
    }

    private func tensor(_ dims: [Int], type: Int32 = 1, bytes: Int = 0) -> ONNX_TensorProto {
        .with { tensor in
            tensor.dims = dims.map(Int64.init)
            tensor.dataType = type
            tensor.rawData = Data(count: bytes)
        }
    }

    func testShapesOfTensors() {
        for dims in [
            [0, Int(Int32.max), Int(Int32.max)], [Int(Int32.max), Int(Int32.max), 0], [-1], [-2, -2], [Int.max, 2], [Int.min],
            [Int](repeating: 1, count: 100_000), [0x4000_0000_0000_0000, 4],
        ] as [[Int]] {
            for bytes in [0, 4, 16] {
                assertRefused("tensor 'constant") { $0.node("Add", ["x", $0.initializer(tensor(dims, bytes: bytes))]) }
            }
        }
        assertRefused("another number of elements") {
            $0.node("Add", ["x", $0.initializer(.with { ($0.dims, $0.dataType, $0.floatData) = ([2, 3], 1, [1, 2, 3]) })])
        }
        assertRefused("more integers") {
            $0.node("Add", ["x", $0.node("Cast", [$0.initializer(tensor([1 << 21], type: 2, bytes: 1 << 21))], ["to": .int(1)])])
        }
    }

    func testAttributesOfAnotherType() {
        for (type, name, value, kind) in [
            ("Flatten", "axis", .float(1), Int32(1)), ("Transpose", "perm", .int(0), 2), ("HardSigmoid", "alpha", .int(1), 2),
            ("MaxPool", "kernel_shape", .floats([2, 2]), 6), ("Conv", "auto_pad", .int(1), 2), ("Cast", "to", .string("FLOAT"), 3),
        ] as [(String, String, ONNXModelBuilder.Attribute, Int32)] {
            assertRefused("attribute \(name) is of type") { builder in
                let output = builder.node(type, ["x", builder.floats([1, 1], [1, 2, 1, 1])], [name: value])
                builder.model.graph.node[0].attribute[0].type = kind
                return output
            }
        }
    }

    func testWindows() {
        let extremes: [Int] = [0, -1, Int.min, Int.max, 4_294_967_296, 65_537]
        for name in ["kernel_shape", "strides", "dilations"] {
            for value in extremes {
                assertRefused { $0.node("MaxPool", ["x"], ["kernel_shape": .ints([2, 2])].merging([name: .ints([value, 1])]) { $1 }) }
                assertRefused { $0.node("Conv", ["x", $0.floats([1, 1], [1, 2, 1, 1])], [name: .ints([1, value])]) }
            }
        }
        for value in extremes.dropFirst() {
            assertRefused { $0.node("MaxPool", ["x"], ["kernel_shape": .ints([1, 1]), "pads": .ints([0, 0, value, 0])]) }
            assertRefused { $0.node("Conv", ["x", $0.floats([1, 1], [1, 2, 1, 1])], ["group": .int(value)]) }
        }
        // A padding that follows from all three at once.
        assertRefused("padding") {
            $0.node(
                "MaxPool", ["x"],
                ["kernel_shape": .ints([65_536, 65_536]), "dilations": .ints([65_536, 65_536]), "auto_pad": .string("SAME_UPPER")])
        }
    }

    func testIndices() {
        for index in [5, -6, Int.max, Int.min] {
            assertRefused("index") { $0.node("Add", ["x", $0.node("Gather", [$0.floats([1, 2, 3, 4, 5]), $0.integers([index])])]) }
            assertRefused("axis") { $0.node("Flatten", ["x"], ["axis": .int(index)]) }
            assertRefused("axis") { $0.node("Concat", ["x", "x"], ["axis": .int(index)]) }
            assertRefused("axes") { $0.node("Transpose", ["x"], ["perm": .ints([0, 1, 2, index])]) }
            assertRefused("axis") { $0.node("Unsqueeze", ["x", $0.integers([index])]) }
        }
    }

    func testGraphsThatAreNone() {
        assertRefused("nothing before it computes") { $0.node("Relu", [$0.node("Relu", ["Relu_2"])]) }
        assertRefused("nothing before it computes") { $0.node("Add", ["x", "Add_1"]) }
        assertRefused("computed twice") { builder in
            let output = builder.node("Relu", ["x"])
            builder.model.graph.node.append(builder.model.graph.node[0])
            return output
        }
        assertRefused("no name") { builder in
            builder.model.graph.input[0].name = ""
            return builder.node("Relu", [""])
        }
    }

    /// Ten thousand nodes of one name.
    func testNamesAreToldApart() throws {
        var names = UniqueNames()
        XCTAssertEqual(["a", "a#2", "a", "a", "a#2", "b"].map { names.unique($0) }, ["a", "a#2", "a#3", "a#4", "a#2#2", "b"])
        var builder = ONNXModelBuilder(opset: 13)
        let output = (0..<10_000).reduce("x") { input, _ in builder.node("Sigmoid", [input], name: "same") }
        XCTAssertEqual(try builder.graph(output: output).nodes.last?.name, "same#10000")
    }

    /// Two bytes of file that are a hundred of memory.
    func testFilesOfNothing() {
        for part in [[0x0A, 0x00], [0x2A, 0x00], [0x5A, 0x00]] as [[UInt8]] {
            let graph = [[UInt8]](repeating: part, count: 1_000_000).flatMap { $0 }
            let length = graph.count
            let header = [0x3A] + [0, 7, 14, 21].map { shift in UInt8(length >> shift & 127) | (shift < 21 ? 128 : 0) }
            XCTAssertThrowsError(try ONNXImporter.load(bytes: header + graph, file: "f")) { error in
                XCTAssertTrue("\(error)".contains("more parts than a network has"), "\(error)")
            }
        }
    }

    func testAttacks() throws {
        for name in ["zero_strides_transpose", "zero_gather", "reshape_huge_concat", "zero_concat_outer", "cosconcat2^32"] {
            let bytes = try SharedFolder.bytes("attacks/\(name).onnx")
            XCTAssertThrowsError(try ONNXImporter.load(bytes: bytes, file: name).network(), name)
        }
        XCTAssertNoThrow(try ONNXImporter.load(bytes: SharedFolder.bytes("attacks/clip_ninf_6.onnx"), file: "clip").network())
    }
}
