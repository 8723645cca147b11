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

    private mutating func quote(_ string: String) {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes += [UInt8(ascii: "\\"), byte]
            case 0..<0x20:
                let hex = Array("0123456789abcdef".utf8)
                bytes += Array("\\u00".utf8)
                bytes += [hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            default:
                bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
        text += String(decoding: bytes, as: UTF8.self)
    }
}
