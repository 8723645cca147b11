/// The container: header, section table, sections on 64-byte boundaries. README.md beside this file is its specification.
enum FileLayout {
    static let magic: [UInt8] = [0x53, 0x4C, 0x45, 0x54, 0x0D, 0x0A, 0x1A, 0x0A]  // "SLET", then what text-mode transfers destroy
    static let version = 1
    static let alignment = 64
    static let headerSize = 32
    static let entrySize = 32
    /// Model, data, preprocessing, labels, provenance, in the order of their ids from 1 on; and outputs, where the model section does not
    /// say it all.
    private static let sectionCounts = 5...6

    /// The whole file from its sections, in the order of their ids.
    static func assemble(_ sections: [[UInt8]]) -> [UInt8] {
        var table = ByteWriter()
        var offset = aligned(headerSize + sections.count * entrySize)
        for (index, bytes) in sections.enumerated() {
            table.uint32(index + 1)
            table.uint32(0)
            table.uint64(UInt64(offset))
            table.uint64(UInt64(bytes.count))
            table.uint64(bytes.withUnsafeBytes { Checksum.xxh64($0) })
            offset = aligned(offset + bytes.count)
        }
        var file = ByteWriter()
        file.append(bytes: magic)
        file.uint32(version)
        file.uint32(sections.count)
        file.uint64(UInt64(offset))
        file.uint64(table.bytes.withUnsafeBytes { Checksum.xxh64($0) })
        file.append(bytes: table.bytes)
        for bytes in sections {
            file.align(to: alignment)
            file.append(bytes: bytes)
        }
        file.align(to: alignment)
        return file.bytes
    }

    /// The sections of `file` in the order of their ids, in place.
    /// - Throws: `SwiftletError` naming the field that is wrong.
    static func sections(of file: UnsafeRawBufferPointer) throws(SwiftletError) -> [UnsafeRawBufferPointer] {
        var reader = ByteReader(file)
        guard let start = reader.take(magic.count) else { throw .badFile("not a .slet file: it is too short") }
        for (a, b) in zip(start, magic) where a != b { throw .badFile("not a .slet file: wrong magic number") }
        guard let version = reader.uint32(), let count = reader.uint32(), let size = reader.uint64(), let sum = reader.uint64() else {
            throw .badFile("truncated in the header")
        }
        guard version == Self.version else {
            throw .badFile("version \(version) of the format; this program reads version \(Self.version)")
        }
        guard sectionCounts.contains(count) else { throw .badFile("section count is \(count), not 5 or 6") }
        guard size == UInt64(file.count) else {
            throw .badFile("file size is \(file.count) bytes, the header says \(size): truncated or damaged")
        }
        guard let table = reader.take(count * entrySize) else { throw .badFile("truncated in the section table") }
        guard Checksum.xxh64(table) == sum else { throw .badFile("checksum of the section table does not match") }

        var entries = ByteReader(table)
        var found = [UnsafeRawBufferPointer]()
        for expected in 1...count {
            guard let id = entries.uint32(), entries.uint32() != nil, let offset = entries.uint64(), let length = entries.uint64(),
                let checksum = entries.uint64()
            else { throw .badFile("truncated in the section table") }
            guard id == expected else { throw .badFile("section \(expected) has the id \(id)") }
            guard offset % UInt64(alignment) == 0, offset <= UInt64(file.count), length <= UInt64(file.count) - offset else {
                throw .badFile("section \(id) lies outside the file")
            }
            let bytes = UnsafeRawBufferPointer(rebasing: file[Int(offset)..<Int(offset + length)])
            guard Checksum.xxh64(bytes) == checksum else {
                throw .badFile("checksum of section \(id) does not match: the file is damaged")
            }
            found.append(bytes)
        }
        return found
    }

    static func aligned(_ offset: Int) -> Int {
        (offset + alignment - 1) / alignment * alignment
    }
}
