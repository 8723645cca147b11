/// The fields of a protocol buffer's message, one after another (protobuf.dev/programming-guides/encoding). Nothing is decoded ahead, so
/// that what nobody asks for takes no memory.
struct PaddleWire {
    enum Content {
        case varint(UInt64)
        case fixed32(UInt32)
        case fixed64(UInt64)
        case bytes(FileBytes)
    }

    private var bytes: FileBytes

    init(_ bytes: FileBytes) { self.bytes = bytes }

    /// The next field; nil at the message's end.
    mutating func next() throws(PaddleError) -> (number: Int, content: Content)? {
        guard bytes.count > 0 else { return nil }
        guard let tag = bytes.varint(), let number = Int(exactly: tag >> 3), number > 0 else { throw Self.damaged }
        switch tag & 7 {
        case 0: return (number, .varint(try Self.need(bytes.varint())))
        case 1: return (number, .fixed64(try Self.need(bytes.integer())))
        case 2:
            let length = try Self.need(bytes.varint().flatMap { Int(exactly: $0) })
            return (number, .bytes(try Self.need(bytes.take(length))))
        case 5: return (number, .fixed32(try Self.need(bytes.integer())))
        default: throw Self.damaged
        }
    }

    private static func need<Value>(_ value: Value?) throws(PaddleError) -> Value {
        guard let value else { throw damaged }
        return value
    }

    static let damaged = PaddleError("its protocol buffer is damaged or truncated")
}

extension PaddleWire.Content {
    /// An int32, int64, enum or bool; negative ones are stored in 64 bits.
    var integer: Int? {
        if case .varint(let value) = self { Int(Int64(bitPattern: value)) } else { nil }
    }

    var float: Float? {
        switch self {
        case .fixed32(let bits): Float(bitPattern: bits)
        case .fixed64(let bits): Float(Double(bitPattern: bits))
        default: nil
        }
    }

    var message: FileBytes? {
        if case .bytes(let bytes) = self { bytes } else { nil }
    }

    /// Names are shorter.
    private static let longestText = 1 << 16

    /// A string that may be a name; nil for others, and for what is no UTF-8.
    var text: String? {
        guard let message, message.count <= Self.longestText else { return nil }
        return message.withUnsafeBytes { String(validating: $0, as: UTF8.self) }
    }

    /// The integers of a repeated field: one, or a packed list.
    func integers(_ limits: inout PaddleLimits) throws(PaddleError) -> [Int] {
        if let integer {
            try limits.addParts()
            return [integer]
        }
        guard var packed = message else { throw PaddleWire.damaged }
        var values: [Int] = []
        while packed.count > 0 {
            guard let value = packed.varint() else { throw PaddleWire.damaged }
            try limits.addParts()
            values.append(Int(Int64(bitPattern: value)))
        }
        return values
    }

    /// The floats of a repeated field: one, or a packed list.
    func floats(_ limits: inout PaddleLimits) throws(PaddleError) -> [Float] {
        if let float {
            try limits.addParts()
            return [float]
        }
        guard var packed = message, packed.count % 4 == 0 else { throw PaddleWire.damaged }
        try limits.addParts(packed.count / 4)
        var values: [Float] = []
        while let bits = packed.integer(UInt32.self) { values.append(Float(bitPattern: bits)) }
        return values
    }
}
