/// A file of FlatBuffers (https://flatbuffers.dev/internals): tables whose fields are found by an offset table, vectors and strings.
/// Nothing is read before it is asked for, and every offset is checked where it is followed: an offset is at most 32 bits, a position 64,
/// so that no sum overflows. No type here calls itself.
struct FlatBuffer: Sendable {
    private let bytes: FileBytes

    init(_ bytes: FileBytes) { self.bytes = bytes }

    /// The table that the file begins with an offset to.
    func root() throws(TFLiteProblem) -> FlatTable { try FlatTable(self, at: target(of: 0)) }

    func integer<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type, at position: Int) throws(TFLiteProblem) -> Value {
        guard var part = bytes.part(at: position, count: MemoryLayout<Value>.size), let value = part.integer(type) else { throw .damaged }
        return value
    }

    /// Where the unsigned offset at `position` leads.
    func target(of position: Int) throws(TFLiteProblem) -> Int { position + Int(try integer(UInt32.self, at: position)) }

    func part(at position: Int, count: Int) throws(TFLiteProblem) -> FileBytes {
        guard let part = bytes.part(at: position, count: count) else { throw .damaged }
        return part
    }
}

/// One table: its fields have the numbers that the schema gives them, from 0, and most may be left out.
struct FlatTable: Sendable {
    private let buffer: FlatBuffer
    private let position: Int
    private let offsets: Int
    private let fieldCount: Int

    init(_ buffer: FlatBuffer, at position: Int) throws(TFLiteProblem) {
        self.buffer = buffer
        self.position = position
        offsets = position - Int(try buffer.integer(Int32.self, at: position))
        // The size of the offset table, its own and the table's size included, in bytes.
        let size = Int(try buffer.integer(UInt16.self, at: offsets))
        guard size >= 4 else { throw .damaged }
        fieldCount = (size - 4) / 2
    }

    /// nil for a field that is left out.
    private func place(_ field: Int) throws(TFLiteProblem) -> Int? {
        guard field < fieldCount else { return nil }
        let offset = Int(try buffer.integer(UInt16.self, at: offsets + 4 + 2 * field))
        return offset == 0 ? nil : position + offset
    }

    /// A number of `type`, as the schema has it.
    func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        _ field: Int, _ type: Value.Type, default fallback: Value = 0
    ) throws(TFLiteProblem) -> Int {
        guard let place = try place(field) else { return Int(fallback) }
        guard let value = Int(exactly: try buffer.integer(type, at: place)) else { throw .malformed("a number in it is out of range") }
        return value
    }

    func float(_ field: Int, default fallback: Float) throws(TFLiteProblem) -> Float {
        guard let place = try place(field) else { return fallback }
        return Float(bitPattern: try buffer.integer(UInt32.self, at: place))
    }

    func flag(_ field: Int) throws(TFLiteProblem) -> Bool { try integer(field, UInt8.self) != 0 }

    func has(_ field: Int) throws(TFLiteProblem) -> Bool { try place(field) != nil }

    func table(_ field: Int) throws(TFLiteProblem) -> FlatTable? {
        guard let place = try place(field) else { return nil }
        return try FlatTable(buffer, at: buffer.target(of: place))
    }

    /// The elements of a vector, each `size` bytes; empty where it is left out.
    func vector(_ field: Int, of size: Int) throws(TFLiteProblem) -> FileBytes {
        guard let place = try place(field) else { return try buffer.part(at: 0, count: 0) }
        let start = try buffer.target(of: place)
        return try buffer.part(at: start + 4, count: Int(buffer.integer(UInt32.self, at: start)) * size)
    }

    /// At most `most` elements are taken for real.
    func integers<Value: FixedWidthInteger & BitwiseCopyable>(
        _ field: Int, _ type: Value.Type, atMost most: Int
    ) throws(TFLiteProblem) -> [Int] {
        var bytes = try vector(field, of: MemoryLayout<Value>.size)
        guard bytes.count / MemoryLayout<Value>.size <= most else { throw .malformed("a list in it has more than \(most) numbers") }
        var result: [Int] = []
        while let value = bytes.integer(type) {
            guard let value = Int(exactly: value) else { throw .malformed("a number in it is out of range") }
            result.append(value)
        }
        return result
    }

    func floats(_ field: Int, atMost most: Int) throws(TFLiteProblem) -> [Float] {
        var bytes = try vector(field, of: 4)
        guard bytes.count / 4 <= most else { throw .malformed("a list in it has more than \(most) numbers") }
        var result: [Float] = []
        while let bits = bytes.integer(UInt32.self) { result.append(Float(bitPattern: bits)) }
        return result
    }

    /// A string, cut off after `most` bytes: strings may be shared, and names are only for messages.
    func text(_ field: Int, atMost most: Int) throws(TFLiteProblem) -> String {
        let bytes = try vector(field, of: 1)
        return bytes.part(at: 0, count: min(bytes.count, most))?.text ?? ""
    }

    func tables(_ field: Int) throws(TFLiteProblem) -> FlatTables {
        guard let place = try place(field) else { return FlatTables(buffer, start: 0, count: 0) }
        let start = try buffer.target(of: place)
        return FlatTables(buffer, start: start + 4, count: try vector(field, of: 4).count / 4)
    }
}

/// A vector of tables, each read when it is asked for.
struct FlatTables: Sendable {
    private let buffer: FlatBuffer
    private let start: Int
    let count: Int

    fileprivate init(_ buffer: FlatBuffer, start: Int, count: Int) { (self.buffer, self.start, self.count) = (buffer, start, count) }

    func table(_ index: Int) throws(TFLiteProblem) -> FlatTable {
        guard (0..<count).contains(index) else { throw .damaged }
        return try FlatTable(buffer, at: buffer.target(of: start + 4 * index))
    }
}
