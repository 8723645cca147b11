internal import CPlatform

/// A regular file, read once into memory of this process's own: whoever shortens or changes it meanwhile changes nothing of what was
/// checked.
///
/// Folders, FIFOs and devices are errors, at once. A reader that looks at the first bytes before it reads on refuses a large file of
/// another kind in no time.
struct InputFile: ~Copyable {
    /// The most bytes that a file of any kind may have: the largest signed number of 32 bits, which a `.slet` file's offsets are.
    static let largest = 0x7FFF_FFFF

    private var file: sp_file
    private var released: Int

    /// Opens the file and makes room for it; reads nothing yet.
    init(_ path: String, largest: Int = InputFile.largest) throws(SwiftletError) {
        guard !path.utf8.contains(0) else { throw .badFile("a name with a zero byte") }
        var file = sp_open_file(path, largest)
        guard file.error == 0 else {
            let error = file.error
            sp_close_file(&file)
            throw InputFile.error(error)
        }
        self.file = file
        released = 0
    }

    deinit {
        var file = file
        sp_close_file(&file)
    }

    var size: Int { file.size }

    /// Reads on until the first `count` bytes are there, or the file ends.
    mutating func read(first count: Int = InputFile.largest) throws(SwiftletError) {
        let error = sp_read_file(&file, count)
        guard error == 0 else { throw InputFile.error(error) }
    }

    /// What has been read, page-aligned; valid during the call.
    borrowing func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: file.bytes, count: file.read))
    }

    /// Gives back the memory of the first `count` bytes, whole pages of it. They must not be looked at again.
    mutating func release(first count: Int) {
        guard count > released else { return }
        sp_release_file(&file, released, count)
        released = count
    }

    private static func error(_ number: Int32) -> SwiftletError {
        SwiftletError(sp_is_out_of_memory(number) ? .outOfMemory : .badFile, String(cString: sp_error_text(number)))
    }
}
