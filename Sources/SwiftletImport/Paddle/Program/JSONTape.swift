/// A JSON text as the flat list of its values, in the order in which they begin. Reading it needs no recursion, and twelve bytes a value.
struct JSONTape {
    /// No program nests deeper: fourteen levels are seen.
    static let deepest = 64
    private static let mostValues = 1 << 20
    /// Names are shorter.
    fileprivate static let longestString = 1 << 16
    /// Where a value begins and ends fits in 32 bits.
    static let largestText = Int(Int32.max)

    fileprivate struct Entry {
        var start: UInt32
        var end: UInt32 = 0
        /// The entry after this value and all within it.
        var next: UInt32 = 0
    }

    fileprivate let text: [UInt8]
    fileprivate private(set) var entries: [Entry] = []
    private var position = 0

    init(_ text: [UInt8]) throws(PaddleError) {
        self.text = text
        guard text.count <= Self.largestText else { throw PaddleError("its JSON is too large") }
        try parse()
    }

    var root: JSONValue { JSONValue(tape: self, index: 0) }

    // MARK: Parsing

    private enum Expected {
        case value, key, colon, separator
        /// A first value or key, or the container's end.
        case firstValue, firstKey
    }

    private mutating func parse() throws(PaddleError) {
        /// Entries of the containers that are open.
        var open: [Int] = []
        var expected = Expected.value
        while true {
            skipSpace()
            guard position < text.count else { break }
            if open.isEmpty, !entries.isEmpty { throw damaged("something follows its end") }
            let byte = text[position]
            switch (expected, byte) {
            case (.firstValue, UInt8(ascii: "]")), (.firstKey, UInt8(ascii: "}")), (.separator, UInt8(ascii: "]")),
                (.separator, UInt8(ascii: "}")):
                guard let container = open.popLast(), text[Int(entries[container].start)] + 2 == byte else { throw damaged("a bracket") }
                position += 1
                close(container)
                expected = .separator
            case (.separator, UInt8(ascii: ",")):
                guard let container = open.last else { throw damaged("a comma") }
                position += 1
                expected = text[Int(entries[container].start)] == UInt8(ascii: "{") ? .key : .value
            case (.colon, UInt8(ascii: ":")):
                position += 1
                expected = .value
            case (.key, UInt8(ascii: "\"")), (.firstKey, UInt8(ascii: "\"")):
                try addScalar()
                expected = .colon
            case (.value, UInt8(ascii: "{")), (.value, UInt8(ascii: "[")), (.firstValue, UInt8(ascii: "{")),
                (.firstValue, UInt8(ascii: "[")):
                guard open.count < Self.deepest else { throw PaddleError("its JSON is nested deeper than \(Self.deepest) levels") }
                open.append(entries.count)
                try begin()
                position += 1
                expected = byte == UInt8(ascii: "{") ? .firstKey : .firstValue
            case (.value, _), (.firstValue, _):
                try addScalar()
                expected = .separator
            default: throw damaged("an unexpected character")
            }
        }
        guard open.isEmpty, !entries.isEmpty else { throw PaddleError("its JSON is truncated") }
    }

    private mutating func skipSpace() {
        while position < text.count, [0x20, 0x0A, 0x0D, 0x09].contains(text[position]) { position += 1 }
    }

    private mutating func begin() throws(PaddleError) {
        guard entries.count < Self.mostValues else { throw PaddleError("its JSON has more than \(Self.mostValues) values") }
        entries.append(Entry(start: UInt32(position)))
    }

    private mutating func close(_ index: Int) {
        entries[index].end = UInt32(position)
        entries[index].next = UInt32(entries.count)
    }

    /// A string, number, true, false or null.
    private mutating func addScalar() throws(PaddleError) {
        let index = entries.count
        try begin()
        if text[position] == UInt8(ascii: "\"") {
            position += 1
            while position < text.count, text[position] != UInt8(ascii: "\"") {
                position += text[position] == UInt8(ascii: "\\") ? 2 : 1
            }
            guard position < text.count else { throw PaddleError("its JSON is truncated") }
            position += 1
        } else {
            let start = position
            while position < text.count, Self.isWord(text[position]) { position += 1 }
            guard position > start else { throw damaged("an unexpected character") }
        }
        close(index)
    }

    /// What numbers, true, false and null consist of.
    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "E"), UInt8(ascii: "+"),
            UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private func damaged(_ what: String) -> PaddleError { PaddleError("its JSON is damaged: \(what) at byte \(position)") }
}

/// A value in a `JSONTape`. What it is not reads as nil, and as an empty list.
struct JSONValue {
    fileprivate let tape: JSONTape
    fileprivate let index: Int

    private var entry: JSONTape.Entry { tape.entries[index] }
    private var first: UInt8 { tape.text[Int(entry.start)] }
    private var isObject: Bool { first == UInt8(ascii: "{") }
    private var bytes: ArraySlice<UInt8> { tape.text[Int(entry.start)..<Int(entry.end)] }

    /// The value of a key that is written without escapes.
    subscript(key: String) -> JSONValue? {
        guard isObject else { return nil }
        var position = index + 1
        while position < Int(entry.next) {
            let name = JSONValue(tape: tape, index: position)
            let value = JSONValue(tape: tape, index: position + 1)
            if name.bytes.dropFirst().dropLast().elementsEqual(key.utf8) { return value }
            position = Int(value.entry.next)
        }
        return nil
    }

    /// An array's values.
    var elements: [JSONValue] {
        guard first == UInt8(ascii: "[") else { return [] }
        var values: [JSONValue] = []
        var position = index + 1
        while position < Int(entry.next) {
            values.append(JSONValue(tape: tape, index: position))
            position = Int(values[values.count - 1].entry.next)
        }
        return values
    }

    var isArray: Bool { first == UInt8(ascii: "[") }

    private var isString: Bool { first == UInt8(ascii: "\"") }

    var flag: Bool? {
        if bytes.elementsEqual("true".utf8) { return true }
        return bytes.elementsEqual("false".utf8) ? false : nil
    }

    var integer: Int? { isString || bytes.count > 24 ? nil : Int(String(decoding: bytes, as: UTF8.self)) }

    var float: Float? { isString || bytes.count > 64 ? nil : Float(String(decoding: bytes, as: UTF8.self)) }

    /// A string that may be a name, with its escapes but for \u resolved: names have none.
    var string: String? {
        guard isString, bytes.count <= JSONTape.longestString else { return nil }
        var text: [UInt8] = []
        var isEscaped = false
        for byte in bytes.dropFirst().dropLast() {
            if !isEscaped, byte == UInt8(ascii: "\\") {
                isEscaped = true
                continue
            }
            text.append(byte)
            isEscaped = false
        }
        return String(validating: text, as: UTF8.self)
    }
}
