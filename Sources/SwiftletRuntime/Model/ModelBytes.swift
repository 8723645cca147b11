internal import CKernels

/// The bytes of a `.slet` file at an address whose blobs are aligned: a file's own, an aligned caller's, or a copy.
struct ModelBytes: ~Copyable {
    let bytes: UnsafeRawBufferPointer
    private var file: InputFile?
    private let copy: OwnedMemory
    private var released = 0

    /// Below so many bytes giving memory back costs more than it is worth.
    private static let worthwhile = 1 << 18

    /// Reads a file, or no more than its begin where that is not a `.slet` file's.
    init(path: String) throws(SwiftletError) {
        let file = try ModelBytes.read(path)
        bytes = file.withBytes { $0 }
        self.file = consume file
        copy = OwnedMemory()
    }

    /// The caller keeps `bytes` alive.
    init(_ bytes: UnsafeRawBufferPointer) throws(SwiftletError) {
        var copy = OwnedMemory()
        let isAligned = bytes.baseAddress.map { UInt(bitPattern: $0) % UInt(FileLayout.alignment) == 0 } ?? true
        self.bytes = isAligned ? bytes : try copy.copy(bytes, for: "the model's bytes")
        file = nil
        self.copy = copy
    }

    init(copying array: [UInt8]) throws(SwiftletError) {
        var copy = OwnedMemory()
        bytes = try array.withUnsafeBufferPointer { bytes throws(SwiftletError) in
            try copy.copy(UnsafeRawBufferPointer(bytes), for: "the model's bytes")
        }
        file = nil
        self.copy = copy
    }

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

    private static func read(_ path: String) throws(SwiftletError) -> InputFile {
        var file = try InputFile(path)
        try file.read(first: FileLayout.headerSize)
        if file.withBytes({ $0.starts(with: FileLayout.magic) }) { try file.read() }
        return file
    }
}
