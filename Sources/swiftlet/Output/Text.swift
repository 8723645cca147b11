// Text without Unicode's tables: the board tool links none, so strings are compared and measured by their UTF-8 bytes.

/// `value` with `digits` decimals, rounded half away from zero.
func fixed(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    var power = 1
    for _ in 0..<digits { power *= 10 }
    let magnitude = value.magnitude * Double(power) + 0.5
    guard magnitude < 9e18 else { return "\(value)" }
    let scaled = Int64(magnitude)
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard digits > 0 else { return sign + "\(scaled)" }
    let fraction = "\(scaled % Int64(power))"
    return sign + "\(scaled / Int64(power))." + repeated("0", digits - fraction.utf8.count) + fraction
}

func repeated(_ text: String, _ count: Int) -> String {
    var result = ""
    for _ in 0..<max(0, count) { result += text }
    return result
}

/// `text` filled up with spaces on the right.
func padded(_ text: String, _ width: Int) -> String {
    text + repeated(" ", width - text.utf8.count)
}

/// `text` filled up with spaces on the left.
func aligned(_ text: String, _ width: Int) -> String {
    repeated(" ", width - text.utf8.count) + text
}

/// `text` without its middle, at most `count` bytes of whole characters: names differ at their ends, and say what they belong to at their
/// begins.
func shortened(_ text: String, to count: Int) -> String {
    guard text.utf8.count > count else { return text }
    let bytes = Array(text.utf8)
    let ellipsis = "…"
    let isWithin = { (index: Int) in bytes[index] & 0xC0 == 0x80 }
    var head = (count - ellipsis.utf8.count) / 2
    var tail = bytes.count - (count - ellipsis.utf8.count - head)
    while isWithin(head) { head -= 1 }
    while tail < bytes.count, isWithin(tail) { tail += 1 }
    return String(decoding: bytes[..<head], as: UTF8.self) + ellipsis + String(decoding: bytes[tail...], as: UTF8.self)
}

func hasPrefix(_ text: String, _ prefix: String) -> Bool {
    text.utf8.starts(with: prefix.utf8)
}

func hasSuffix(_ text: String, _ suffix: String) -> Bool {
    text.utf8.reversed().starts(with: suffix.utf8.reversed())
}

func joined(_ parts: [String], _ separator: String) -> String {
    var result = ""
    for (index, part) in parts.enumerated() {
        if index > 0 { result += separator }
        result += part
    }
    return result
}

/// The pieces of `text` between the separators, empty ones included.
func split(_ text: String, _ separator: UInt8) -> [String] {
    var pieces: [String] = []
    var piece: [UInt8] = []
    for byte in text.utf8 {
        if byte == separator {
            pieces.append(String(decoding: piece, as: UTF8.self))
            piece = []
        } else {
            piece.append(byte)
        }
    }
    pieces.append(String(decoding: piece, as: UTF8.self))
    return pieces
}

/// A whole number written in decimal digits with an optional sign; nil for anything else.
func wholeNumber(_ text: String) -> Int? {
    var digits = Array(text.utf8)
    var isNegative = false
    if let first = digits.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
        isNegative = first == UInt8(ascii: "-")
        digits.removeFirst()
    }
    guard !digits.isEmpty, digits.count <= 18 else { return nil }
    var value = 0
    for digit in digits {
        guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
        value = value * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return isNegative ? -value : value
}
