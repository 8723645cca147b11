import Foundation

/// ONNX files made here.
enum SmallONNX {
    // The protocol buffer by hand, with the field numbers of onnx.proto: ModelProto { ir_version 1, graph 7, opset_import 8 },
    // GraphProto { node 1, name 2, initializer 5, input 11, output 12 }, NodeProto { input 1, output 2, name 3, op_type 4 },
    // TensorProto { dims 1, data_type 2, name 8, raw_data 9 }.

    /// A chain of nodes, each with one input and without attributes, over pictures of 3 x 8 x 8 in opset 13.
    static func data(nodes: [(kind: String, name: String)], side: Int = 8) -> Data {
        var graph = Data()
        for (index, node) in nodes.enumerated() {
            graph += field(1, text(1, "value\(index)") + text(2, "value\(index + 1)") + text(3, node.name) + text(4, node.kind))
        }
        graph += text(2, "graph") + field(11, value("value0", side)) + field(12, value("value\(nodes.count)", side))
        return number(1, 8) + field(7, graph) + field(8, number(2, 13))
    }

    /// One convolution of 1 x 1 from 3 channels to 3, without bias.
    static func data(convolution name: String, weights: [Float], side: Int = 8) -> Data {
        let node = text(1, "value0") + text(1, "weights") + text(2, "value1") + text(3, name) + text(4, "Conv")
        let dims = [3, 3, 1, 1].reduce(Data()) { $0 + number(1, $1) }
        let values = weights.withUnsafeBytes { Data($0) }
        let tensor = dims + number(2, 1) + text(8, "weights") + field(9, values)
        let graph =
            field(1, node) + text(2, "graph") + field(5, tensor) + field(11, value("value0", side)) + field(12, value("value1", side))
        return number(1, 8) + field(7, graph) + field(8, number(2, 13))
    }

    /// A convolution of 1 x 1, whose map is the output "map", and its mean over all positions, the output "mean".
    static func twoOutputs(channels: Int, weights: [Float], side: Int = 8) -> Data {
        let outputs = weights.count / channels
        let nodes = [
            text(1, "value0") + text(1, "weights") + text(2, "map") + text(3, "mixing") + text(4, "Conv"),
            text(1, "map") + text(2, "mean") + text(3, "pool") + text(4, "GlobalAveragePool"),
        ]
        let dims = [outputs, channels, 1, 1].reduce(Data()) { $0 + number(1, $1) }
        let tensor = dims + number(2, 1) + text(8, "weights") + field(9, weights.withUnsafeBytes { Data($0) })
        var graph = nodes.reduce(Data()) { $0 + field(1, $1) } + text(2, "graph") + field(5, tensor)
        graph += field(11, value("value0", side, channels: channels))
        graph += field(12, value("map", side, channels: outputs)) + field(12, value("mean", 1, channels: outputs))
        return number(1, 8) + field(7, graph) + field(8, number(2, 13))
    }

    /// ValueInfoProto { name 1, type 2 } of float32 [1, channels, side, side].
    private static func value(_ name: String, _ side: Int, channels: Int = 3) -> Data {
        let shape = [1, channels, side, side].reduce(Data()) { $0 + field(1, number(1, $1)) }
        return text(1, name) + field(2, field(1, number(1, 1) + field(2, shape)))
    }

    private static func number(_ id: UInt8, _ value: Int) -> Data { Data([id << 3]) + varint(value) }
    private static func text(_ id: UInt8, _ value: String) -> Data { field(id, Data(value.utf8)) }

    private static func field(_ id: UInt8, _ content: Data) -> Data {
        Data([id << 3 | 2]) + varint(content.count) + content
    }

    /// Seven bits a byte, the lowest first; all but the last have the eighth.
    private static func varint(_ value: Int) -> Data {
        var (rest, bytes) = (value, Data())
        while rest > 127 {
            bytes.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        return bytes + Data([UInt8(rest)])
    }
}
