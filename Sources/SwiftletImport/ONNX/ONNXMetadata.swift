/// What a program has noted in a model beside the graph: `metadata_props`, of which no more is needed than one entry.
enum ONNXMetadata {
    /// ModelProto.metadata_props, each with a key (1) and a value (2).
    private static let tag: UInt64 = 14 << 3 | 2

    /// The value of the entry "author": Ultralytics' models are told by it. Nil where there is none.
    static func author(of bytes: [UInt8]) -> String? {
        var bytes = FileBytes(bytes)
        while let tag = bytes.varint() {
            if tag & 7 == 0 {
                guard bytes.varint() != nil else { return nil }
            } else {
                guard tag & 7 == 2, let field = delimited(&bytes) else { return nil }
                if tag == self.tag, let author = value(of: "author", in: field) { return author }
            }
        }
        return nil
    }

    private static func value(of key: String, in entry: FileBytes) -> String? {
        var entry = entry
        guard entry.varint() == 1 << 3 | 2, delimited(&entry)?.text == key, entry.varint() == 2 << 3 | 2 else {
            return nil
        }
        return delimited(&entry)?.text
    }

    private static func delimited(_ bytes: inout FileBytes) -> FileBytes? {
        bytes.varint().flatMap { Int(exactly: $0) }.flatMap { bytes.take($0) }
    }
}
