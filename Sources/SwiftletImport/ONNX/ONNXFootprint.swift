/// What a file's protocol buffer will take in memory once it is decoded, found without decoding it. Two bytes of file can ask for a hundred
/// of memory: an empty node, a name, an integer of one byte.
struct ONNXFootprint {
    /// What any file may take: some forty thousand nodes.
    private static let freeBytes = 40 << 20
    /// A message with its arrays' headers.
    private static let messageBytes = 128
    /// A string or byte array beside its content.
    private static let stringBytes = 48

    /// The messages of `onnx.proto` that have others in them, or numbers that grow by decoding.
    private enum Message {
        case model, graph, node, attribute, tensor, valueInfo, type, tensorType, shape, leaf

        /// What the field of that number holds; nil for what is a number or not read.
        func field(_ number: UInt64) -> Field? {
            switch (self, number) {
            case (.model, 7): .message(.graph)
            case (.model, 8): .message(.leaf)
            case (.graph, 1): .message(.node)
            case (.graph, 5): .message(.tensor)
            case (.graph, 11), (.graph, 12): .message(.valueInfo)
            case (.node, 5): .message(.attribute)
            case (.attribute, 5): .message(.tensor)
            case (.valueInfo, 2): .message(.type)
            case (.type, 1): .message(.tensorType)
            case (.tensorType, 2): .message(.shape)
            case (.shape, 1), (.tensor, 13): .message(.leaf)
            case (.attribute, 8), (.tensor, 1), (.tensor, 5), (.tensor, 7), (.tensor, 11): .integers
            case (.attribute, 7), (.tensor, 4), (.tensor, 10), (.tensor, 9): .content
            case (.model, 2), (.model, 3), (.graph, 2), (.node, 1), (.node, 2), (.node, 3), (.node, 4), (.node, 7), (.attribute, 1),
                (.attribute, 4), (.tensor, 8), (.valueInfo, 1), (.leaf, 1), (.leaf, 2):
                .content
            default: nil
            }
        }
    }

    private enum Field {
        case message(Message)
        case integers, content
    }

    private let file: UnsafeRawBufferPointer
    private var bytes = 0

    /// Whether decoding the file takes at most its own size again, and `freeBytes`. false also where it is cut off.
    static func isProportionate(_ file: [UInt8]) -> Bool {
        file.withUnsafeBytes { buffer in
            var footprint = ONNXFootprint(file: buffer)
            return footprint.add(.model, 0..<buffer.count)
        }
    }

    private init(file: UnsafeRawBufferPointer) {
        self.file = file
    }

    /// Adds the message in `range`. It calls itself as deep as `Message` nests: six times.
    private mutating func add(_ message: Message, _ range: Range<Int>) -> Bool {
        var position = range.lowerBound
        while position < range.upperBound {
            guard let tag = varint(&position, range.upperBound) else { return false }
            let field = message.field(tag >> 3)
            switch tag & 7 {
            case 0:
                guard varint(&position, range.upperBound) != nil else { return false }
                if case .integers = field { bytes += 8 }
            case 1, 5:
                let size = tag & 7 == 1 ? 8 : 4
                guard size <= range.upperBound - position else { return false }
                position += size
                if field != nil { bytes += size }
            case 2:
                guard let length = varint(&position, range.upperBound).flatMap({ Int(exactly: $0) }), length <= range.upperBound - position
                else { return false }
                let content = position..<position + length
                position = content.upperBound
                guard add(field, content) else { return false }
            default:
                // Groups and what no type has: nothing that ONNX writes.
                return false
            }
            guard bytes <= Self.freeBytes + file.count else { return false }
        }
        return true
    }

    private mutating func add(_ field: Field?, _ content: Range<Int>) -> Bool {
        switch field {
        case .message(let message):
            bytes += Self.messageBytes
            return add(message, content)
        case .integers:
            // Each ends in the only one of its bytes that is below 128.
            for position in content where file[position] < 128 { bytes += 8 }
        case .content:
            bytes += Self.stringBytes + content.count
        case nil:
            break
        }
        return true
    }

    private func varint(_ position: inout Int, _ end: Int) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard position < end else { return nil }
            let byte = file[position]
            position += 1
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return value }
        }
        return nil
    }
}
