import HTTPTypes

/// The caller's trace of the W3C's Trace Context, for the log.
struct TraceParent: Equatable {
    static let field = HTTPField.Name("traceparent")!
    /// 32 hexadecimal digits.
    let traceID: String
    /// 16 hexadecimal digits.
    let spanID: String

    /// - Parameter header: `00-TRACE-SPAN-FLAGS`; nil and what has another form give nil.
    init?(_ header: String?) {
        let fields = (header ?? "").split(separator: "-", omittingEmptySubsequences: false)
        guard fields.count >= 4, fields[0].count == 2, fields[0] != "ff", fields[3].count == 2,
            TraceParent.isID(fields[1], 32), TraceParent.isID(fields[2], 16)
        else { return nil }
        (traceID, spanID) = (String(fields[1]), String(fields[2]))
    }

    private static func isID(_ text: Substring, _ count: Int) -> Bool {
        text.utf8.count == count && text.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) } && text.utf8.contains { $0 != 0x30 }
    }
}
