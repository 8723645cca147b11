import CPlatform

/// Lines on standard output and standard error.
enum Console {
    static func say(_ line: String) { write(line, to: 1) }
    static func complain(_ line: String) { write(line, to: 2) }

    private static func write(_ line: String, to descriptor: Int32) {
        var text = line + "\n"
        text.withUTF8 { sp_write(descriptor, $0.baseAddress, $0.count) }
    }
}

/// 16 digits.
func hexadecimal(_ value: UInt64) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for shift in stride(from: 60, through: 0, by: -4) { text.append(digits[Int(value >> UInt64(shift) & 15)]) }
    return String(decoding: text, as: UTF8.self)
}
