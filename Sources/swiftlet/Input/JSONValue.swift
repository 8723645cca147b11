// Not on boards, whose programs are small: files are compared where they are collected.
#if !hasFeature(Embedded)
import SwiftletRuntime

/// A JSON value, of a file that this program or the desk has written.
indirect enum JSONValue {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case array([JSONValue])
    case object([JSONMember])

    /// A file's content.
    /// - Throws: bad input, with the place, for what is not JSON.
    static func read(_ path: String) throws(ToolError) -> JSONValue {
        let file = try FileContents.open(path)
        var reader = JSONReader(file.withBytes { Array($0) })
        guard let value = reader.document() else { throw .badInput("\(path): no JSON at byte \(reader.index)") }
        return value
    }

    /// Of an object, the member's value; null where there is none.
    subscript(_ key: String) -> JSONValue {
        guard case .object(let members) = self else { return .null }
        for member in members where areEqual(member.key, key) { return member.value }
        return .null
    }

    var number: Double? { if case .number(let value) = self { value } else { nil } }
    var text: String? { if case .text(let value) = self { value } else { nil } }
    var elements: [JSONValue] { if case .array(let values) = self { values } else { [] } }
}

struct JSONMember {
    let key: String
    let value: JSONValue
}

/// Takes JSON text apart, strictly but for numbers, of which any number of digits counts as seventeen do.
struct JSONReader {
    private let bytes: [UInt8]
    private(set) var index = 0
    private var depth = 0
    private static let deepest = 32

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The one value of a text; nil where it has none, or something after it.
    mutating func document() -> JSONValue? {
        guard let value = value() else { return nil }
        skipSpace()
        return index == bytes.count ? value : nil
    }

    private mutating func value() -> JSONValue? {
        skipSpace()
        guard index < bytes.count, depth < JSONReader.deepest else { return nil }
        depth += 1
        defer { depth -= 1 }
        switch bytes[index] {
        case UInt8(ascii: "{"): return object()
        case UInt8(ascii: "["): return array()
        case UInt8(ascii: "\""): return string().map { .text($0) }
        case UInt8(ascii: "n"): return word("null") ? .null : nil
        case UInt8(ascii: "t"): return word("true") ? .flag(true) : nil
        case UInt8(ascii: "f"): return word("false") ? .flag(false) : nil
        default: return number().map { .number($0) }
        }
    }

    private mutating func object() -> JSONValue? {
        var members: [JSONMember] = []
        index += 1
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipSpace()
            guard let key = string(), take(UInt8(ascii: ":")), let value = value() else { return nil }
            members.append(JSONMember(key: key, value: value))
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}")) ? .object(members) : nil
    }

    private mutating func array() -> JSONValue? {
        var values: [JSONValue] = []
        index += 1
        if take(UInt8(ascii: "]")) { return .array(values) }
        repeat {
            guard let value = value() else { return nil }
            values.append(value)
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]")) ? .array(values) : nil
    }

    /// Escapes of characters beyond U+00FF are kept as they are written: only names are compared, which both files write alike.
    private mutating func string() -> String? {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { return nil }
        index += 1
        var text: [UInt8] = []
        while index < bytes.count, bytes[index] >= 0x20 {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), index < bytes.count {
                let isPlain = bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "\\") || bytes[index] == UInt8(ascii: "/")
                if !isPlain { text.append(byte) }
                text.append(bytes[index])
                index += 1
            } else {
                text.append(byte)
            }
        }
        return nil
    }

    private mutating func number() -> Double? {
        let isNegative = index < bytes.count && bytes[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        var (mantissa, exponent, digits) = (0.0, 0, 0)
        var isFraction = false
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "."), !isFraction, digits > 0 {
                isFraction = true
            } else {
                guard bytes[index] >= UInt8(ascii: "0"), bytes[index] <= UInt8(ascii: "9") else { break }
                mantissa = mantissa * 10 + Double(bytes[index] - UInt8(ascii: "0"))
                digits += 1
                if isFraction { exponent -= 1 }
            }
            index += 1
        }
        guard digits > 0 else { return nil }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") { index += 1 }
            guard let power = number(), power.magnitude <= 400, power.rounded() == power else { return nil }
            exponent += Int(power)
        }
        var scale = 1.0
        for _ in 0..<exponent.magnitude { scale *= 10 }
        let value = exponent < 0 ? mantissa / scale : mantissa * scale
        return isNegative ? -value : value
    }

    private mutating func word(_ text: String) -> Bool {
        for byte in text.utf8 {
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
        }
        return true
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[index]) { index += 1 }
    }
}
#endif
