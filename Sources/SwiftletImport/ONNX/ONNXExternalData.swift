import Foundation

/// The files beside a model that hold what its tensors leave out: the `location`, `offset` and `length` of a tensor's external data.
///
/// Nothing outside the model's folder is opened, and what is read in all is bounded by what the files hold, however many tensors point
/// into them.
final class ONNXExternalData {
    private struct OpenFile {
        let descriptor: Int32
        let size: Int
    }

    /// Bytes that tensors may share: small ones, such as a zero that is stored once.
    private static let sharedBytes = 1 << 20
    /// Files that one model may open.
    private static let fileLimit = 4096

    private let folder: String?
    private var files: [String: OpenFile] = [:]
    /// Bytes that may still be read: those of the files twice, since tied weights are stored once.
    private var allowance = ONNXExternalData.sharedBytes

    /// - Parameter folder: the model's; nil for a model in memory, which has no files beside it.
    init(folder: String?) {
        self.folder = folder
    }

    /// The files that have been opened, in the order of the names that the model calls them by.
    var paths: [String] {
        files.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map(place)
    }

    private func place(_ location: String) -> String {
        guard let folder, !folder.isEmpty else { return location }
        return folder + (folder.hasSuffix("/") ? "" : "/") + location
    }

    deinit {
        for file in files.values { close(file.descriptor) }
    }

    /// The bytes of a tensor that keeps them in another file. They are read once, by this call.
    ///
    /// - Parameter expected: how many bytes its shape and type ask for.
    func bytes(of tensor: ONNX_TensorProto, expected: Int) throws(ONNXProblem) -> Data {
        var entries: [String: String] = [:]
        for entry in tensor.externalData { entries[entry.key] = entry.value }
        func number(_ key: String, default fallback: Int) throws(ONNXProblem) -> Int {
            guard let text = entries[key] else { return fallback }
            guard let value = Int(text), value >= 0 else {
                throw .malformed("tensor '\(tensor.name)': its external data have the \(key) '\(text)'")
            }
            return value
        }
        guard let location = entries["location"] else { throw .malformed("tensor '\(tensor.name)': its external data have no location") }
        let file = try open(location, of: tensor)
        let offset = try number("offset", default: 0)
        let length = try number("length", default: max(file.size - offset, 0))
        guard offset <= file.size, length <= file.size - offset else {
            throw .malformed("tensor '\(tensor.name)': '\(location)' has \(file.size) bytes, not \(length) from \(offset) on")
        }
        guard length == expected else {
            throw .malformed("tensor '\(tensor.name)' has the shape \(tensor.dims) but \(length) bytes in '\(location)'")
        }
        guard length <= allowance else { throw .malformed("its tensors read the same bytes of '\(location)' again and again") }
        allowance -= length
        return try read(file, offset, length, location)
    }

    // MARK: Files

    private func open(_ location: String, of tensor: ONNX_TensorProto) throws(ONNXProblem) -> OpenFile {
        if let file = files[location] { return file }
        guard let folder else {
            throw .unsupported("tensor '\(tensor.name)' keeps its data in another file, and the model comes without its folder")
        }
        guard files.count < Self.fileLimit else { throw .malformed("its tensors are in more than \(Self.fileLimit) files") }
        let path = try path(location, in: folder)
        let descriptor = Foundation.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            throw .unsupported("its data are in '\(location)', which cannot be read: \(String(cString: strerror(errno)))")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .unsupported("its data are in '\(location)', which is no regular file")
        }
        let file = OpenFile(descriptor: descriptor, size: Int(status.st_size))
        files[location] = file
        let (sum, overflow) = allowance.addingReportingOverflow(file.size.multipliedReportingOverflow(by: 2).partialValue)
        allowance = overflow ? Int.max : sum
        return file
    }

    /// The real path of `location`, which has to lie in the model's folder after all symbolic links are followed.
    private func path(_ location: String, in folder: String) throws(ONNXProblem) -> String {
        let parts = location.split(separator: "/", omittingEmptySubsequences: false)
        guard !location.isEmpty, !location.utf8.contains(0), !location.hasPrefix("/"), !parts.contains("..") else {
            throw .malformed("its data are in '\(location)', which is not a file in the model's folder")
        }
        guard let root = realPath(folder.isEmpty ? "." : folder), let path = realPath(place(location))
        else {
            throw .unsupported("its data are in '\(location)', which is missing: it has to lie beside the model")
        }
        guard path.hasPrefix(root == "/" ? root : root + "/") else {
            throw .malformed("its data are in '\(location)', which leads out of the model's folder: copy it beside the model")
        }
        return path
    }

    private func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private func read(_ file: OpenFile, _ offset: Int, _ length: Int, _ location: String) throws(ONNXProblem) -> Data {
        var filled = 0
        var data = Data(count: length)
        let isWhole = data.withUnsafeMutableBytes { buffer in
            while filled < length {
                let count = pread(file.descriptor, buffer.baseAddress! + filled, length - filled, off_t(offset + filled))
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return false }
                filled += count
            }
            return true
        }
        guard isWhole else { throw .malformed("'\(location)' became shorter while it was read") }
        return data
    }
}
