import SwiftletRuntime

/// The sections of a `.slet` file, to be changed and put together again with checksums that hold, so that a change is looked at by what
/// comes after them. `Format/README.md` of the runtime has the layout.
struct ModelMutator {
    private static let headerSize = 32
    private static let entrySize = 32

    /// The sections of a whole file: five, or six where it lists its outputs.
    static func sections(of file: [UInt8]) -> [[UInt8]] {
        (0..<word(file, 12)).map { number in
            let entry = headerSize + number * entrySize
            let (offset, length) = (word(file, entry + 8), word(file, entry + 16))
            return Array(file[offset..<(offset + length)])
        }
    }

    static func damaged(_ file: [UInt8], with other: [UInt8], _ random: inout Random) -> [UInt8] {
        switch random.below(16) {
        case 0: return Mutator.damaged(file, with: other, &random)
        case 1:
            var file = file
            let count = word(file, 12)
            let table = headerSize..<(headerSize + count * entrySize)
            let changed = Mutator.damaged(Array(file[table]), with: other, &random)
            file.replaceSubrange(table, with: changed)
            repairTable(&file, sections: count)
            return file
        default:
            var sections = sections(of: file)
            let number = sections.count > 5 && random.oneIn(3) ? 5 : random.pick([0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4])
            sections[number] = Mutator.damaged(sections[number], with: other, &random)
            return assembled(sections)
        }
    }

    static func assembled(_ sections: [[UInt8]]) -> [UInt8] {
        var file: [UInt8] = [0x53, 0x4C, 0x45, 0x54, 0x0D, 0x0A, 0x1A, 0x0A]
        append(1, 4, to: &file)
        append(UInt64(sections.count), 4, to: &file)
        let begin = aligned(headerSize + sections.count * entrySize)
        let size = sections.reduce(begin) { aligned($0 + $1.count) }
        append(UInt64(size), 8, to: &file)
        append(0, 8, to: &file)
        var offset = begin
        for (index, section) in sections.enumerated() {
            append(UInt64(index + 1), 8, to: &file)
            append(UInt64(offset), 8, to: &file)
            append(UInt64(section.count), 8, to: &file)
            append(section.withUnsafeBytes { Checksum.xxh64($0) }, 8, to: &file)
            offset = aligned(offset + section.count)
        }
        for section in sections {
            while file.count % 64 != 0 { file.append(0) }
            file += section
        }
        while file.count % 64 != 0 { file.append(0) }
        repairTable(&file, sections: sections.count)
        return file
    }

    private static func repairTable(_ file: inout [UInt8], sections: Int) {
        guard file.count >= headerSize + sections * entrySize else { return }
        let sum = file[headerSize..<(headerSize + sections * entrySize)].withUnsafeBytes { Checksum.xxh64($0) }
        for index in 0..<8 { file[24 + index] = UInt8(truncatingIfNeeded: sum >> UInt64(8 * index)) }
    }

    private static func word(_ bytes: [UInt8], _ place: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }

    private static func append(_ value: UInt64, _ width: Int, to bytes: inout [UInt8]) {
        for index in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
    }

    private static func aligned(_ offset: Int) -> Int { (offset + 63) / 64 * 64 }
}
