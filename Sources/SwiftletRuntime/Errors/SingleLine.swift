/// A message as one line that a terminal shows as it is: names out of files may hold anything.
///
/// Control characters, line separators and marks that change the direction of text become escapes such as `\n` or `\u{202E}`. A line longer
/// than 1,000 bytes loses its middle, since what is wrong stands at its end and where at its begin.
package func singleLine(_ text: String) -> String {
    let (kept, ellipsis) = (480, " … ")
    var line: [UInt8] = []
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0x0A: line += "\\n".utf8
        case 0x0D: line += "\\r".utf8
        case 0x09: line += "\\t".utf8
        case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF:
            line += "\\u{\(hexadecimal(scalar.value))}".utf8
        default: line += String(scalar).utf8
        }
    }
    guard line.count > 1_000 else { return String(decoding: line, as: UTF8.self) }
    var (head, tail) = (kept, line.count - kept)
    while isContinuation(line[head]) { head -= 1 }
    while isContinuation(line[tail]) { tail += 1 }
    return String(decoding: line[..<head], as: UTF8.self) + ellipsis + String(decoding: line[tail...], as: UTF8.self)
}

private func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

private func hexadecimal(_ value: UInt32) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var text: [UInt8] = []
    var rest = value
    repeat {
        text.insert(digits[Int(rest % 16)], at: 0)
        rest /= 16
    } while rest > 0
    return String(decoding: text, as: UTF8.self)
}
