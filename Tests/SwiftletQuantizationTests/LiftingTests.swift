import SwiftletGraph
import SwiftletQuantization
import SwiftletRuntime
import XCTest

/// Lowered models turned back: into float32, and onto one grid a tensor.
final class LiftingTests: XCTestCase {
    private let pictures = Pictures(count: 12)

    private func lowered(_ network: Network, _ settings: QuantizationSettings = .fast) throws -> ModelBuilder {
        try lowerInt8(network, try quantize(network, on: pictures.calibration, settings: settings, threads: 2))
    }

    /// Signal to noise of B's logits against A's on calibration pictures, decibels.
    private func compare(_ a: ModelBuilder, _ b: ModelBuilder) throws -> Double {
        let (first, second) = (try load(a), try load(b))
        var sums = SignalToNoise()
        for index in 0..<6 {
            for (x, y) in zip(try logits(first, pictures.picture(index)), try logits(second, pictures.picture(index))) {
                sums.add(Double(x), Double(y))
            }
        }
        return sums.decibels
    }

    /// Pools, a concatenation that selects, a sum with an activation, an activation of its own.
    private var branches: Network {
        var b = NetworkBuilder()
        let stem = b.convolution("stem", 0, outputs: 7, kernel: 3, .relu)
        let maximum = b.pool("maximum", stem, .max, kernel: 3, stride: 2)
        let average = b.pool("average", stem, .average, kernel: 3, stride: 2)
        let swish = b.elementwise("swish", .activation(.swish), [average])
        let sum = b.elementwise("sum", .add(.clip(low: 0, high: 1)), [maximum, swish])
        let joined = b.concatenate("join", [sum, maximum], selecting: [3, 1, 9, 13, 0])
        _ = b.depthwise("deep", joined, .hardSwish)
        return b.finished()
    }

    func testFloatIsNearTheSource() throws {
        for (network, settings) in [(NetworkBuilder.mobile(), QuantizationSettings.balanced), (branches, .fast)] {
            let int8 = try lowered(network, settings)
            let float = try dequantized(int8)
            XCTAssertTrue(float.tensors.allSatisfy { $0.type == .float32 })
            XCTAssertEqual(float.operators.map(\.name), int8.operators.map(\.name))
            XCTAssertEqual(float.outputs.map(\.name), int8.outputs.map(\.name))
            XCTAssertGreaterThan(try compare(try lowerFloat(network), float), 30)
            XCTAssertGreaterThan(try compare(float, int8), 28)
        }
    }

    func testLayersInFloatStayAsTheyAre() throws {
        var settings = QuantizationSettings.fast
        settings.floatLayers = ["expand", "excite"]
        let network = NetworkBuilder.mobile()
        let int8 = try lowered(network, settings)
        XCTAssertTrue(int8.operators.contains { $0.kind == .quantize } && int8.operators.contains { $0.kind == .dequantize })
        XCTAssertGreaterThan(try compare(try lowerFloat(network), try dequantized(int8)), 30)
        let single = try perTensor(int8)
        XCTAssertEqual(single.operators.map(\.kind), int8.operators.map(\.kind))
        XCTAssertGreaterThan(try compare(int8, single), 15)
    }

    func testOneGridATensor() throws {
        for network in [NetworkBuilder.mobile(), branches] {
            let int8 = try lowered(network)
            let single = try perTensor(int8)
            XCTAssertTrue(int8.tensors.contains { $0.scales.count > 1 })
            XCTAssertTrue(single.tensors.allSatisfy { $0.scales.count == 1 && $0.zeros.count == 1 })
            XCTAssertTrue(single.inputOffsets.isEmpty)
            XCTAssertGreaterThan(try compare(int8, single), 15)
            // Operators that copy integers have one grid on both sides.
            for operation in single.operators where operation.kind == .concatenate || operation.isMaxPool {
                for input in operation.inputs {
                    XCTAssertEqual(single.tensors[input].scales, single.tensors[operation.output].scales)
                    XCTAssertEqual(single.tensors[input].zeros, single.tensors[operation.output].zeros)
                }
            }
        }
    }

    /// A table is told by its values alone.
    func testFunctionsOfTables() throws {
        let activations: [Activation] = [
            .relu, .clip(low: -0.5, high: 0.75), .hardSwish, .hardSigmoid(slope: 0.2, offset: 0.5), .hardSigmoid(slope: -0.3, offset: 0.4),
            .sigmoid, .swish, .leakyRelu(slope: 0.17), .elu(scale: 0.8), .tanh, .softplus, .mish, .gelu, .geluTanh,
            .thresholdedRelu(threshold: 0.25),
        ]
        for activation in activations {
            var b = NetworkBuilder()
            let a = b.convolution("a", 0, outputs: 5, kernel: 3)
            let sum = b.elementwise("sum", .add(.none), [a, b.convolution("c", 0, outputs: 5)])
            _ = b.elementwise("table", .activation(activation), [sum])
            let network = b.finished()
            let int8 = try lowered(network)
            XCTAssertGreaterThan(try compare(try lowerFloat(network), try dequantized(int8)), 30, "\(activation)")
        }
    }

    func testTableOfNoFunctionIsNamed() throws {
        var b = NetworkBuilder()
        _ = b.elementwise("bumps", .activation(.swish), [b.convolution("a", 0, outputs: 5, kernel: 3)])
        let int8 = try lowered(b.finished())
        var odd = ModelBuilder(name: int8.name)
        for tensor in int8.tensors { _ = odd.add(tensor) }
        for var operation in int8.operators {
            if operation.kind == .tableInt8 { operation.table = operation.table.indices.map { UInt8($0 * 77 & 255) } }
            odd.add(operation)
        }
        (odd.input, odd.outputs) = (int8.input, int8.outputs)
        let name = try XCTUnwrap(odd.operators.first { $0.kind == .tableInt8 }?.name)
        for form in [dequantized, perTensor] {
            XCTAssertThrowsError(try form(odd)) { XCTAssertTrue("\($0)".contains("layer \(name): a table of no function"), "\($0)") }
        }
    }
}
