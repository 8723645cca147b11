import XCTest

/// A model with operators that there is nothing for: one error that lists them all.
final class UnsupportedModelTests: XCTestCase {
    func testAllUnsupportedOperatorsAreListed() throws {
        let scratch = try Scratch()
        let file = scratch.path("model.onnx")
        try model(nodes: [("ConvTranspose", "upscale"), ("Relu", "fine"), ("Einsum", "attention"), ("Einsum", "more")]).write(to: URL(fileURLWithPath: file))
        let run = try quantize(file, "--float", "-o", scratch.path("out.slet"))
        assertStops(run, 3, "model.onnx")
        for name in ["ConvTranspose", "upscale", "Einsum", "attention", "more"] { XCTAssertTrue(run.errors.contains(name), "\(name): \(run.errors)") }
        XCTAssertFalse(run.errors.contains("fine"), run.errors)

        let summary = try XCTUnwrap(try json(try quantize("inspect", file, "--json")) as? [String: Any])
        XCTAssertEqual(summary["supported"] as? Bool, false)
        let unsupported = try XCTUnwrap(summary["unsupported"] as? [[String: String]])
        XCTAssertEqual(unsupported.compactMap { $0["name"] }.sorted(), ["attention", "more", "upscale"])
    }

    // The protocol buffer by hand, with the field numbers of onnx.proto: ModelProto { ir_version 1, graph 7, opset_import 8 },
    // GraphProto { node 1, name 2, input 11, output 12 }, NodeProto { input 1, output 2, name 3, op_type 4 }.

    private func model(nodes: [(kind: String, name: String)]) -> Data {
        var graph = Data()
        for (index, node) in nodes.enumerated() {
            graph += field(1, text(1, "value\(index)") + text(2, "value\(index + 1)") + text(3, node.name) + text(4, node.kind))
        }
        graph += text(2, "graph") + field(11, value("value0")) + field(12, value("value\(nodes.count)"))
        return number(1, 8) + field(7, graph) + field(8, number(2, 13))
    }

    /// ValueInfoProto { name 1, type 2 } of float32 [1, 3, 8, 8].
    private func value(_ name: String) -> Data {
        let shape = [1, 3, 8, 8].reduce(Data()) { $0 + field(1, number(1, $1)) }
        return text(1, name) + field(2, field(1, number(1, 1) + field(2, shape)))
    }

    private func number(_ id: UInt8, _ value: Int) -> Data { Data([id << 3, UInt8(value)]) }
    private func text(_ id: UInt8, _ value: String) -> Data { field(id, Data(value.utf8)) }

    private func field(_ id: UInt8, _ content: Data) -> Data {
        var length = content.count
        var header = Data([id << 3 | 2])
        while length > 127 {
            header.append(UInt8(length & 127) | 128)
            length >>= 7
        }
        return header + Data([UInt8(length)]) + content
    }
}
