/// The container: header, section table, sections on 64-byte boundaries. README.md beside this file is its specification.
enum FileLayout {
    static let magic: [UInt8] = [0x53, 0x4C, 0x45, 0x54, 0x0D, 0x0A, 0x1A, 0x0A]  // "SLET", then what text-mode transfers destroy
    static let version = 1
    static let alignment = 64
    static let headerSize = 32
    static let entrySize = 32
    /// Model, data, preprocessing, labels, provenance, in the order of their ids from 1 on, which every file has.
    private static let required = 5
    /// Outputs, where the model section does not say it all.
    static let outputs = 6
    /// Inputs to try a machine with, where they were asked for.
    static let probe = 7

    /// The whole file from its sections, in the order of their ids; an empty one is left out.
    static func assemble(_ sections: [[UInt8]]) -> [UInt8] {
        var count = 0
        for (index, bytes) in sections.enumerated() where isPresent(bytes, index) { count += 1 }
        var table = ByteWriter()
        var offset = aligned(headerSize + count * entrySize)
        for (index, bytes) in sections.enumerated() where isPresent(bytes, index) {
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
        file.uint32(count)
        file.uint64(UInt64(offset))
        file.uint64(table.bytes.withUnsafeBytes { Checksum.xxh64($0) })
        file.append(bytes: table.bytes)
        for (index, bytes) in sections.enumerated() where isPresent(bytes, index) {
            file.align(to: alignment)
            file.append(bytes: bytes)
        }
        file.align(to: alignment)
        return file.bytes
    }

    private static func isPresent(_ bytes: [UInt8], _ index: Int) -> Bool { index < required || !bytes.isEmpty }

    /// The sections of `file` by their ids less 1, in place, whether it is signed or not; of an optional one that it lacks the bytes are
    /// none.
    /// - Throws: `SwiftletError` naming the field that is wrong.
    static func sections(of signed: UnsafeRawBufferPointer) throws(SwiftletError) -> [UnsafeRawBufferPointer] {
        let file = FileSignature(signed).content
        var reader = ByteReader(file)
        guard let start = reader.take(magic.count) else { throw .badFile("not a .slet file: it is too short") }
        for (a, b) in zip(start, magic) where a != b { throw .badFile("not a .slet file: wrong magic number") }
        guard let version = reader.uint32(), let count = reader.uint32(), let size = reader.uint64(), let sum = reader.uint64() else {
            throw .badFile("truncated in the header")
        }
        guard version == Self.version else {
            throw .badFile("version \(version) of the format; this program reads version \(Self.version)")
        }
        guard count >= required, count <= probe else { throw .badFile("section count is \(count), not \(required) to \(probe)") }
        guard size == UInt64(file.count) else {
            throw .badFile("file size is \(file.count) bytes, the header says \(size): truncated or damaged")
        }
        guard let table = reader.take(count * entrySize) else { throw .badFile("truncated in the section table") }
        guard Checksum.xxh64(table) == sum else { throw .badFile("checksum of the section table does not match") }

        var entries = ByteReader(table)
        var found = [UnsafeRawBufferPointer]()
        for place in 1...count {
            guard let id = entries.uint32(), entries.uint32() != nil, let offset = entries.uint64(), let length = entries.uint64(),
                let checksum = entries.uint64()
            else { throw .badFile("truncated in the section table") }
            // Optional ones may be missing, but stand in their order.
            guard place <= required ? id == place : id > found.count && id <= probe else {
                throw .badFile("section \(place) has the id \(id)")
            }
            while found.count < id - 1 { found.append(UnsafeRawBufferPointer(start: nil, count: 0)) }
            guard offset % UInt64(alignment) == 0, offset <= UInt64(file.count), length <= UInt64(file.count) - offset else {
                throw .badFile("section \(id) lies outside the file")
            }
            let bytes = UnsafeRawBufferPointer(rebasing: file[Int(offset)..<Int(offset + length)])
            guard Checksum.xxh64(bytes) == checksum else {
                throw .badFile("checksum of section \(id) does not match: the file is damaged")
            }
            found.append(bytes)
        }
        while found.count < probe { found.append(UnsafeRawBufferPointer(start: nil, count: 0)) }
        return found
    }

    static func aligned(_ offset: Int) -> Int {
        (offset + alignment - 1) / alignment * alignment
    }
}
