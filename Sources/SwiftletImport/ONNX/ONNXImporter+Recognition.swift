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
            guard let tag = varint(&bytes) else { return false }
            switch tag {
            case 1 << 3, 5 << 3: guard varint(&bytes) != nil else { return false }  // ir_version, model_version
            case 2 << 3 | 2, 3 << 3 | 2, 4 << 3 | 2, 6 << 3 | 2, 7 << 3 | 2, 8 << 3 | 2, 14 << 3 | 2, 20 << 3 | 2, 25 << 3 | 2, 26 << 3 | 2:
                guard let length = varint(&bytes).flatMap({ Int(exactly: $0) }), bytes.take(length) != nil else { return false }
                hasGraph = hasGraph || tag == 7 << 3 | 2
            default: return false
            }
        }
        return hasGraph
    }

    package static func read(_ file: SourceFile, inputSize: (height: Int, width: Int)?) throws -> ImportedModel {
        .graph(try load(bytes: file.bytes, file: file.path, folder: file.folder, inputSize: inputSize))
    }

    static func varint(_ bytes: inout FileBytes) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = bytes.byte() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }
}
