/// A CSV field, quoted where RFC 4180 asks for it.
func csvField(_ text: String) -> String {
    let special = [UInt8(ascii: ","), UInt8(ascii: "\""), 10, 13]
    guard text.utf8.contains(where: { special.contains($0) }) else { return text }
    return "\"" + joined(split(text, UInt8(ascii: "\"")), "\"\"") + "\""
}
