extension ByteWriter {
    /// Appends the elements on a 64-byte boundary and notes their offset and number in `record`.
    mutating func blob<Element: BitwiseCopyable>(_ elements: [Element], record: inout ByteWriter) {
        if elements.isEmpty {
            record.uint32(0)
            record.uint32(0)
            return
        }
        align(to: FileLayout.alignment)
        record.uint32(bytes.count)
        record.uint32(elements.count)
        elements.withUnsafeBytes { append(bytes: Array($0)) }
    }
}
