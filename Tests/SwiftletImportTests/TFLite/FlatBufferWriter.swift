/// Writes FlatBuffers, each part before what it refers to.
struct FlatBufferWriter {
    enum Value {
        case int8(Int)
        case int32(Int)
        case float(Float)
        /// Bytes of a vector, and how many of them an element has.
        case vector([UInt8], of: Int)
        case table(Table)
        case tables([Table])
    }

    /// Values by field number.
    typealias Table = [Int: Value]

    private(set) var bytes: [UInt8] = []

    static func file(_ root: Table, identifier: String) -> [UInt8] {
        var writer = FlatBufferWriter()
        writer.bytes = [0, 0, 0, 0] + Array(identifier.utf8)
        writer.refer(from: 0, to: writer.write(root))
        return writer.bytes
    }

    static func text(_ text: String) -> Value { .vector(Array(text.utf8), of: 1) }

    static func integers<Number: FixedWidthInteger>(_ numbers: [Int], _ type: Number.Type) -> Value {
        .vector(numbers.flatMap { little(Number($0)) }, of: MemoryLayout<Number>.size)
    }

    static func floats(_ numbers: [Float]) -> Value { .vector(numbers.flatMap { little($0.bitPattern) }, of: 4) }

    static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    private mutating func align() {
        while bytes.count % 4 != 0 { bytes.append(0) }
    }

    private mutating func refer(from place: Int, to target: Int) {
        bytes.replaceSubrange(place..<place + 4, with: Self.little(UInt32(target - place)))
    }

    /// Returns the table's place. Its offset table stands before it; every field takes four bytes.
    private mutating func write(_ table: Table) -> Int {
        align()
        let offsets = bytes.count
        let fields = (table.keys.max() ?? -1) + 1
        bytes += Self.little(UInt16(4 + 2 * fields)) + Self.little(UInt16(4 + 4 * table.count))
        let present = table.keys.sorted()
        for field in 0..<fields { bytes += Self.little(UInt16(present.firstIndex(of: field).map { 4 + 4 * $0 } ?? 0)) }
        align()
        let start = bytes.count
        bytes += Self.little(Int32(start - offsets))
        for field in present {
            switch table[field]! {
            case .int8(let number): bytes += Self.little(Int8(truncatingIfNeeded: number)) + [0, 0, 0]
            case .int32(let number): bytes += Self.little(Int32(truncatingIfNeeded: number))
            case .float(let number): bytes += Self.little(number.bitPattern)
            default: bytes += [0, 0, 0, 0]
            }
        }
        for (index, field) in present.enumerated() { write(table[field]!, referredFrom: start + 4 + 4 * index) }
        return start
    }

    private mutating func write(_ value: Value, referredFrom place: Int) {
        align()
        switch value {
        case .int8, .int32, .float: break
        case .vector(let content, let size):
            refer(from: place, to: bytes.count)
            bytes += Self.little(UInt32(content.count / size)) + content
        case .table(let table):
            refer(from: place, to: write(table))
        case .tables(let tables):
            let start = bytes.count
            refer(from: place, to: start)
            bytes += Self.little(UInt32(tables.count)) + [UInt8](repeating: 0, count: 4 * tables.count)
            for (index, table) in tables.enumerated() { refer(from: start + 4 + 4 * index, to: write(table)) }
        }
    }
}
