/// The arrays of a file, in place. They stand in the order of their records, so that one pass from begin to end reads all of them.
struct DataSection {
    private let bytes: UnsafeRawBufferPointer
    /// Where the last array ends: the next one begins there or later.
    private var bytesRead = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The array of which `reader` has the place.
    /// - Parameters:
    ///   - label: whose array it is.
    ///   - what: which one.
    ///   - total: grows by its bytes.
    mutating func array<Element: BitwiseCopyable>(
        _ reader: inout ByteReader, _ label: String, _ what: String, _ total: inout Int
    ) throws(SwiftletError) -> UnsafeBufferPointer<Element> {
        let array = try array(&reader, stride: MemoryLayout<Element>.stride, label, what)
        total += array.count  // arrays do not overlap, so that all of them are no more than the section
        return array.bindMemory(to: Element.self)
    }

    /// A copy of it.
    mutating func values<Element: BitwiseCopyable>(
        _ reader: inout ByteReader, _ label: String, _ what: String
    ) throws(SwiftletError) -> [Element] {
        var size = 0
        return Array(try array(&reader, label, what, &size))
    }

    private mutating func array(
        _ reader: inout ByteReader, stride: Int, _ label: String, _ what: String
    ) throws(SwiftletError) -> UnsafeRawBufferPointer {
        func wrong(_ problem: String) -> SwiftletError { .badFile("\(label): \(what): \(problem)") }
        guard let offset = reader.uint32(), let count = reader.uint32() else { throw wrong("truncated") }
        if count == 0 {
            guard offset == 0 else { throw wrong("an empty array has the offset \(offset)") }
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        guard offset % FileLayout.alignment == 0, offset <= bytes.count,
            let size = (WideCount(count) * stride).within(WideCount(bytes.count - offset))
        else { throw wrong("lies outside the data section") }
        guard offset >= bytesRead else {
            throw wrong("begins at byte \(offset) of the data section, before the array before it ends")
        }
        bytesRead = offset + size
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<bytesRead])
    }
}
