/// Writes JSON text front to back: containers are opened and closed by closures, commas come by themselves.
struct JSONWriter {
    private(set) var text = ""
    private var needsComma = false

    mutating func object(_ body: (inout JSONWriter) -> Void) {
        container("{", "}", body)
    }

    mutating func array(_ body: (inout JSONWriter) -> Void) {
        container("[", "]", body)
    }

    /// The key of the next value, inside an object.
    mutating func key(_ name: String) {
        separate()
        quote(name)
        text += ": "
        needsComma = false
    }

    mutating func value(_ string: String) {
        separate()
        quote(string)
        needsComma = true
    }

    mutating func value(_ number: some BinaryInteger) {
        raw("\(number)")
    }

    mutating func value(_ flag: Bool) {
        raw(flag ? "true" : "false")
    }

    /// With `digits` decimals; null where JSON has no such number.
    mutating func value(_ number: Double, digits: Int) {
        raw(number.isFinite ? fixed(number, digits) : "null")
    }

    mutating func null() {
        raw("null")
    }

    mutating func field(_ name: String, _ string: String) {
        key(name)
        value(string)
    }

    mutating func field(_ name: String, _ number: some BinaryInteger) {
        key(name)
        value(number)
    }

    mutating func field(_ name: String, _ flag: Bool) {
        key(name)
        value(flag)
    }

    mutating func field(_ name: String, _ number: Double, digits: Int) {
        key(name)
        value(number, digits: digits)
    }

    mutating func field(_ name: String, _ numbers: [Int]) {
        key(name)
        array { json in
            for number in numbers { json.value(number) }
        }
    }

    /// A number as it is written elsewhere, too; nil: null.
    mutating func field(_ name: String, number: String?) {
        key(name)
        raw(number ?? "null")
    }

    private mutating func raw(_ value: String) {
        separate()
        text += value
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { text += ", " }
    }

    private mutating func container(_ open: String, _ close: String, _ body: (inout JSONWriter) -> Void) {
        separate()
        text += open
        needsComma = false
        body(&self)
        text += close
        needsComma = true
    }

    /// Control characters are escaped, those beyond ASCII (U+007F to U+009F) too, which a terminal would act on.
    private mutating func quote(_ string: String) {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        var previous: UInt8 = 0
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20, 0x7F:
                JSONWriter.escape(byte, in: &bytes)
            case 0x80..<0xA0 where previous == 0xC2:  // the two bytes of U+0080 to U+009F
                bytes.removeLast()
                JSONWriter.escape(byte, in: &bytes)
            default:
                bytes.append(byte)
            }
            previous = byte
        }
        bytes.append(UInt8(ascii: "\""))
        text += String(decoding: bytes, as: UTF8.self)
    }

    private static func escape(_ character: UInt8, in bytes: inout [UInt8]) {
        func digit(_ value: UInt8) -> UInt8 { value + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10) }
        bytes += "\\u00".utf8
        bytes.append(digit(character >> 4))
        bytes.append(digit(character & 15))
    }
}
