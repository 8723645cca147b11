import Foundation

/// `.safetensors` files, weights for a built-in architecture: eight bytes with the size of a JSON header, the header, and the tensors in
/// C order (huggingface.co/docs/safetensors).
package enum SafetensorsImporter: ModelImporter {
    package static let format = "safetensors"
    package static let suffixes = ["safetensors"]
    package static let largestFile = 16 << 30
    /// Forty thousand tensors; JSON takes many times its size in memory.
    private static let largestHeader = 4 << 20

    package static func recognizes(_ file: SourceFile) -> Bool {
        var bytes = FileBytes(file.bytes)
        guard let size = bytes.length(UInt64.self), size >= 2, size <= bytes.count else { return false }
        return bytes.starts(with: [UInt8(ascii: "{"), UInt8(ascii: "\"")])
    }

    package static func read(_ file: SourceFile, inputSize: (height: Int, width: Int)?) throws -> ImportedModel {
        do {
            return .weights(ParameterPrefixes.removed(from: try tensors(in: file.bytes)))
        } catch {
            var located = error
            located.file = file.path
            throw located
        }
    }

    static func tensors(in file: [UInt8]) throws(CheckpointError) -> [String: WeightTensor] {
        var bytes = FileBytes(file)
        guard let size = bytes.length(UInt64.self), size <= largestHeader, let header = bytes.take(size) else {
            throw CheckpointError("not a safetensors file: its header is longer than the file, or than \(largestHeader) bytes")
        }
        let entries: [String: Entry]
        do {
            entries = try JSONDecoder().decode(Header.self, from: header.withUnsafeBytes { Data($0) }).tensors
        } catch {
            throw CheckpointError("its header is not the JSON of a safetensors file")
        }
        // Tensors that share bytes could fill any memory.
        var remaining = bytes.count
        var tensors: [String: WeightTensor] = [:]
        for (name, entry) in entries {
            guard let element = elements[entry.dtype] else {
                throw CheckpointError("tensor \(name) has the type \(entry.dtype), which cannot be read")
            }
            guard entry.offsets.count == 2, case (let begin, let end) = (entry.offsets[0], entry.offsets[1]), begin >= 0,
                begin <= end, let part = bytes.part(at: begin, count: end - begin), part.count <= remaining
            else { throw CheckpointError("tensor \(name) lies outside the file, or over another one: truncated or damaged") }
            remaining -= part.count
            let view = PyTorchView(offset: 0, shape: entry.shape, strides: strides(entry.shape))
            guard let count = view.count(inStorageOf: part.count / element.size), count * element.size == part.count else {
                throw CheckpointError("tensor \(name) of shape \(entry.shape) does not fill its \(part.count) bytes")
            }
            tensors[name] = WeightTensor(shape: entry.shape, values: view.values(part, element))
        }
        return tensors
    }

    private static let elements: [String: PyTorchElement] = [
        "F64": .double, "F32": .float, "F16": .half, "BF16": .bfloat16, "I64": .int64, "I32": .int32, "I16": .int16, "I8": .int8,
        "U8": .uint8, "BOOL": .bool,
    ]

    /// In elements, the last dimension's being 1. Products that pass 64 bits belong to shapes that `PyTorchView.count` refuses.
    private static func strides(_ shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        for index in shape.indices.dropLast().reversed() {
            let (product, overflows) = strides[index + 1].multipliedReportingOverflow(by: max(shape[index + 1], 0))
            strides[index] = overflows ? 0 : product
        }
        return strides
    }

    private struct Entry: Decodable {
        let dtype: String
        let shape: [Int]
        /// Where its bytes begin and end, counted from the header's end.
        let offsets: [Int]

        enum CodingKeys: String, CodingKey {
            case dtype, shape
            case offsets = "data_offsets"
        }
    }

    private struct Header: Decodable {
        var tensors: [String: Entry] = [:]

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Name.self)
            for key in container.allKeys where key.stringValue != "__metadata__" {
                tensors[key.stringValue] = try container.decode(Entry.self, forKey: key)
            }
        }
    }

    private struct Name: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
