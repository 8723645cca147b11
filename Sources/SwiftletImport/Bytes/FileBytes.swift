/// A part of a file in memory, read from front to back in little-endian order. Every read is nil when bytes are short, so that a check
/// cannot be forgotten.
struct FileBytes: Sendable {
    private let storage: [UInt8]
    private var position: Int
    private let end: Int

    init(_ bytes: [UInt8]) {
        storage = bytes
        position = 0
        end = bytes.count
    }

    private init(storage: [UInt8], position: Int, end: Int) {
        self.storage = storage
        self.position = position
        self.end = end
    }

    /// Bytes that have not been read.
    var count: Int { end - position }

    /// `count` bytes at `offset` from the next unread one; reads nothing.
    func part(at offset: Int, count: Int) -> FileBytes? {
        guard offset >= 0, count >= 0, offset <= self.count, count <= self.count - offset else { return nil }
        return FileBytes(storage: storage, position: position + offset, end: position + offset + count)
    }

    mutating func take(_ count: Int) -> FileBytes? {
        guard let taken = part(at: 0, count: count) else { return nil }
        position += count
        return taken
    }

    mutating func byte() -> UInt8? {
        guard position < end else { return nil }
        defer { position += 1 }
        return storage[position]
    }

    mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type = Value.self) -> Value? {
        guard let taken = take(MemoryLayout<Value>.size) else { return nil }
        return taken.withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(as: Value.self)) }
    }

    /// An unsigned length of `type` as an Int; nil also when it does not fit.
    mutating func length<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type) -> Int? {
        integer(type).flatMap { Int(exactly: $0) }
    }

    /// Seven bits a byte, the lowest first, as protocol buffers have it.
    mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = byte() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }

    /// The text up to the next line feed, which is consumed.
    mutating func line() -> String? {
        guard let feed = storage[position..<end].firstIndex(of: 0x0A), let taken = take(feed - position) else { return nil }
        position += 1
        return taken.text
    }

    /// UTF-8, with invalid sequences replaced.
    var text: String { String(decoding: storage[position..<end], as: UTF8.self) }

    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        storage.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[position..<end])) }
    }

    func starts(with prefix: [UInt8]) -> Bool {
        storage[position..<end].starts(with: prefix)
    }
}
