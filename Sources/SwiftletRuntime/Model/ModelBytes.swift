import CKernels
import CPlatform

/// The bytes of a `.slet` file at an address whose blobs are aligned: a file's own, an aligned caller's, or a copy.
struct ModelBytes: ~Copyable {
    let bytes: UnsafeRawBufferPointer
    private var file: InputFile?
    private let copy: UnsafeMutableRawPointer?
    private var released: Int

    /// Below so many bytes giving memory back costs more than it is worth.
    private static let worthwhile = 1 << 18

    /// Reads a file, or no more than its begin where that is not a `.slet` file's.
    init(path: String) throws(ModelError) {
        self.init(file: try ModelBytes.read(path))
    }

    private init(file: consuming InputFile) {
        bytes = file.withBytes { $0 }
        self.file = consume file
        copy = nil
        released = 0
    }

    /// The caller keeps `bytes` alive.
    init(_ bytes: UnsafeRawBufferPointer) throws(ModelError) {
        let isAligned = bytes.baseAddress.map { UInt(bitPattern: $0) % UInt(FileLayout.alignment) == 0 } ?? true
        try self.init(bytes, copy: isAligned ? nil : ModelBytes.copy(bytes), isCopied: !isAligned)
    }

    init(copying array: [UInt8]) throws(ModelError) {
        let copy = array.withUnsafeBytes { ModelBytes.copy($0) }
        try self.init(UnsafeRawBufferPointer(start: copy, count: copy == nil ? 0 : array.count), copy: copy, isCopied: true)
    }

    private init(_ bytes: UnsafeRawBufferPointer, copy: UnsafeMutableRawPointer?, isCopied: Bool) throws(ModelError) {
        guard !isCopied || copy != nil else { throw ModelError("no memory for the file's \(bytes.count) bytes") }
        self.bytes = copy.map { UnsafeRawBufferPointer(start: $0, count: bytes.count) } ?? bytes
        file = nil
        self.copy = copy
        released = 0
    }

    deinit { sp_free(copy) }

    /// Gives back the memory of the first `count` bytes where it is a file's. They must not be looked at again.
    mutating func release(first count: Int) {
        guard count >= released + ModelBytes.worthwhile, file != nil else { return }
        file!.release(first: count)
        released = count
    }

    /// For each operator: how many of the first bytes no later one needs, by where their parameters stand.
    static func firstNeeded(after operators: [ModelOperator], in bytes: UnsafeRawBufferPointer) -> [Int] {
        var result = [Int](repeating: bytes.count, count: operators.count)
        var lowest = bytes.count
        for index in operators.indices.reversed() {
            result[index] = lowest
            if let address = operators[index].arrays.lowestAddress, let base = bytes.baseAddress { lowest = min(lowest, address - base) }
        }
        return result
    }

    private static func read(_ path: String) throws(ModelError) -> InputFile {
        do throws(InputError) {
            var file = try InputFile(path)
            try file.read(first: FileLayout.headerSize)
            if file.withBytes({ $0.starts(with: FileLayout.magic) }) { try file.read() }
            return file
        } catch {
            throw ModelError(error.message)
        }
    }

    private static func copy(_ bytes: UnsafeRawBufferPointer) -> UnsafeMutableRawPointer? {
        guard let memory = sp_allocate(bytes.count) else { return nil }
        if bytes.count > 0 { memory.copyMemory(from: bytes.baseAddress!, byteCount: bytes.count) }
        return memory
    }
}
