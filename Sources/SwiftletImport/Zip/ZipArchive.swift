/// The directory of a zip file (PKWARE's APPNOTE.TXT, sections 4.3 and 4.5.3 for zip64). Entries that are stored, not compressed, as
/// PyTorch writes them, are used in place.
struct ZipArchive {
    private struct Entry {
        var header: Int
        /// Bytes in the file, and without compression.
        var stored: Int
        var size: Int
        var checksum: UInt32
        var method: UInt16
        var flags: UInt16
    }

    static let magic: [UInt8] = [0x50, 0x4B, 0x03, 0x04]
    /// Far more than a network has tensors.
    private static let entryLimit = 1 << 16
    private static let deflated: UInt16 = 8

    private let file: FileBytes
    private var entries: [String: Entry] = [:]

    /// - Parameter file: the whole file, unread.
    init(_ file: FileBytes) throws(CheckpointError) {
        self.file = file
        let directory = try Self.directory(of: file)
        guard var records = file.part(at: directory.offset, count: directory.size) else { throw Self.truncated }
        guard directory.count <= Self.entryLimit else { throw CheckpointError("it is a zip file of \(directory.count) entries") }
        // Entries that overlap could make a small file cost much time.
        var remaining = file.count
        for _ in 0..<directory.count {
            guard let record = Self.record(&records), record.entry.stored <= remaining else {
                throw CheckpointError("the zip directory is damaged or truncated")
            }
            remaining -= record.entry.stored
            if entries.updateValue(record.entry, forKey: record.name) == nil { names.append(record.name) }
        }
    }

    /// In the directory's order.
    private(set) var names: [String] = []

    /// The bytes of the entry called `name` without compression, as the directory has it; nil when there is none.
    func size(_ name: String) -> Int? { entries[name]?.size }

    /// The bytes of the entry called `name`; nil when there is none.
    /// - Parameter inflating: whether entries may be deflated; otherwise they are in place.
    func contents(_ name: String, inflating: Bool = false) throws(CheckpointError) -> FileBytes? {
        guard let entry = entries[name] else { return nil }
        guard entry.flags & 1 == 0 else { throw CheckpointError("zip entry \(name) is encrypted") }
        let isDeflated = inflating && entry.method == Self.deflated
        guard entry.method == 0 || isDeflated else {
            let advice = inflating ? "it has to be stored or deflated" : "PyTorch stores entries: save the checkpoint again"
            throw CheckpointError("zip entry \(name) is compressed (method \(entry.method)); \(advice)")
        }
        guard isDeflated || entry.stored == entry.size, var header = file.part(at: entry.header, count: 30),
            header.starts(with: Self.magic), header.take(26) != nil, let nameLength = header.length(UInt16.self),
            let extraLength = header.length(UInt16.self),
            let stored = file.part(at: entry.header + 30 + nameLength + extraLength, count: entry.stored)
        else { throw CheckpointError("zip entry \(name) lies outside the file: truncated or damaged") }
        let contents = isDeflated ? try inflated(stored, name, entry.size) : stored
        // PyTorch writes 0 when it is told not to compute checksums.
        guard entry.checksum == 0 || entry.checksum == CRC32.checksum(contents) else {
            throw CheckpointError("checksum of zip entry \(name) does not match: the file is damaged")
        }
        return contents
    }

    private func inflated(_ stored: FileBytes, _ name: String, _ size: Int) throws(CheckpointError) -> FileBytes {
        guard size > 0, Inflate.isPossible(from: stored.count, to: size), let bytes = Inflate.bytes(stored, size: size) else {
            throw CheckpointError("zip entry \(name) is damaged, or has not the \(size) bytes that the directory declares")
        }
        return FileBytes(bytes)
    }

    private static let truncated = CheckpointError("no zip directory at the end of the file: truncated or damaged")

    /// The central directory's place, from the record at the file's end.
    private static func directory(of file: FileBytes) throws(CheckpointError) -> (count: Int, size: Int, offset: Int) {
        let endSize = 22
        guard file.count >= endSize else { throw truncated }
        // The end record is followed by a comment of at most 65,535 bytes.
        for position in stride(from: file.count - endSize, through: max(0, file.count - endSize - 65_535), by: -1) {
            guard var end = file.part(at: position, count: endSize), end.starts(with: [0x50, 0x4B, 0x05, 0x06]), end.take(10) != nil,
                let count = end.length(UInt16.self), let size = end.length(UInt32.self), let offset = end.length(UInt32.self)
            else { continue }
            if count < 0xFFFF && size < 0xFFFF_FFFF && offset < 0xFFFF_FFFF { return (count, size, offset) }
            guard let wide = zip64Directory(of: file, before: position) else {
                throw CheckpointError("the zip64 directory is damaged")
            }
            return wide
        }
        throw truncated
    }

    private static func zip64Directory(of file: FileBytes, before end: Int) -> (count: Int, size: Int, offset: Int)? {
        guard var locator = file.part(at: end - 20, count: 20), locator.starts(with: [0x50, 0x4B, 0x06, 0x07]), locator.take(8) != nil,
            let position = locator.length(UInt64.self),
            var record = file.part(at: position, count: 56), record.starts(with: [0x50, 0x4B, 0x06, 0x06]), record.take(32) != nil,
            let count = record.length(UInt64.self), let size = record.length(UInt64.self), let offset = record.length(UInt64.self)
        else { return nil }
        return (count, size, offset)
    }

    /// One record of the central directory.
    private static func record(_ bytes: inout FileBytes) -> (name: String, entry: Entry)? {
        guard bytes.starts(with: [0x50, 0x4B, 0x01, 0x02]), bytes.take(8) != nil,
            let flags = bytes.integer(UInt16.self), let method = bytes.integer(UInt16.self), bytes.take(4) != nil,
            let checksum = bytes.integer(UInt32.self), let stored = bytes.length(UInt32.self), let size = bytes.length(UInt32.self),
            let nameLength = bytes.length(UInt16.self), let extraLength = bytes.length(UInt16.self),
            let commentLength = bytes.length(UInt16.self), bytes.take(8) != nil, let header = bytes.length(UInt32.self),
            let name = bytes.take(nameLength), let extra = bytes.take(extraLength), bytes.take(commentLength) != nil
        else { return nil }
        var entry = Entry(header: header, stored: stored, size: size, checksum: checksum, method: method, flags: flags)
        guard widen(&entry, extra: extra) else { return nil }
        return (name.text, entry)
    }

    /// Replaces sizes and offsets that do not fit in 32 bits by those of the zip64 extra field, which holds just them.
    private static func widen(_ entry: inout Entry, extra: FileBytes) -> Bool {
        let wide = 0xFFFF_FFFF
        guard entry.size == wide || entry.stored == wide || entry.header == wide else { return true }
        var extra = extra
        while let id = extra.integer(UInt16.self), let length = extra.length(UInt16.self), var field = extra.take(length) {
            guard id == 1 else { continue }
            if entry.size == wide {
                guard let size = field.length(UInt64.self) else { return false }
                entry.size = size
            }
            if entry.stored == wide {
                guard let stored = field.length(UInt64.self) else { return false }
                entry.stored = stored
            }
            if entry.header == wide {
                guard let header = field.length(UInt64.self) else { return false }
                entry.header = header
            }
            return true
        }
        return false
    }
}
