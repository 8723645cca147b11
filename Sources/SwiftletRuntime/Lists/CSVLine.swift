/// One line of comma-separated values (RFC 4180). A field in quotes does not go over the line's end.
package enum CSVLine {
    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")

    /// Nil where a quote is not closed, or something stands beside quotes.
    package static func fields(_ line: String) -> [String]? {
        var fields: [String] = []
        var rest = Array(line.utf8)[...]
        while true {
            guard let field = rest.first == quote ? quoted(&rest) : plain(&rest) else { return nil }
            fields.append(String(decoding: field, as: UTF8.self))
            guard rest.popFirst() != nil else { return fields }
        }
    }

    /// Up to the next comma, which stays.
    private static func plain(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        let end = rest.firstIndex(of: comma) ?? rest.endIndex
        defer { rest = rest[end...] }
        return Array(rest[..<end])
    }

    /// Between quotes, of which two stand for one; nil unless a comma or the line's end follows.
    private static func quoted(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        var field: [UInt8] = []
        rest.removeFirst()
        while let byte = rest.popFirst() {
            if byte != quote {
                field.append(byte)
            } else if rest.first == quote {
                field.append(rest.removeFirst())
            } else {
                return rest.isEmpty || rest.first == comma ? field : nil
            }
        }
        return nil
    }
}
