extension ONNXImporter: ModelImporter {
    package static let format = "ONNX"
    package static let suffixes = ["onnx"]
    /// A protocol buffer has no more.
    package static let largestFile = Int(Int32.max)

    /// A ModelProto: fields of its numbers and wire types from the first byte to the last, with a graph (7) among them.
    package static func recognizes(_ file: SourceFile) -> Bool {
        var bytes = FileBytes(file.bytes)
        var hasGraph = false
        while bytes.count > 0 {
            guard let tag = bytes.varint() else { return false }
            switch tag {
            case 1 << 3, 5 << 3: guard bytes.varint() != nil else { return false }  // ir_version, model_version
            case 2 << 3 | 2, 3 << 3 | 2, 4 << 3 | 2, 6 << 3 | 2, 7 << 3 | 2, 8 << 3 | 2, 14 << 3 | 2, 20 << 3 | 2, 25 << 3 | 2, 26 << 3 | 2:
                guard let length = bytes.varint().flatMap({ Int(exactly: $0) }), bytes.take(length) != nil else { return false }
                hasGraph = hasGraph || tag == 7 << 3 | 2
            default: return false
            }
        }
        return hasGraph
    }

    package static func read(_ file: SourceFile, inputSize: (height: Int, width: Int)?) throws -> ImportedModel {
        let (graph, quantization) = try read(bytes: file.bytes, file: file.path, folder: file.folder, inputSize: inputSize)
        return quantization.map { .quantized(graph, $0) } ?? .graph(graph)
    }
}
