/// The container before PyTorch 1.6: five pickles one after another (magic number, protocol version, the writer's integer sizes, the
/// object, the list of storage keys), then for each key the element count in eight bytes and the elements.
enum PyTorchLegacyFile {
    /// 0x1950a86a20f9469cfc6c, little-endian.
    static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
    static let protocolVersion = 1001
    /// The header's pickles are a number, a number, and a dict of a few entries.
    private static let headerLimit = 1000

    static func read(_ file: FileBytes) throws(CheckpointError) -> PyTorchContents {
        var file = file
        let limit = PyTorchCheckpoint.operationLimit(fileSize: file.count)
        try checkHeader(&file)
        let pickle = try PickleMachine.read(&file, allowed: PyTorchCheckpoint.allowed, operationLimit: limit)
        var contents = PyTorchContents(pickle: pickle, storages: [:])

        var sizes: [String: (element: PyTorchElement, count: Int)] = [:]
        for id in pickle.persistentIDs {
            let storage = try PyTorchStorage(id, in: pickle)
            if let known = sizes[storage.key], known != (storage.element, storage.totalCount) {
                throw CheckpointError("storage \(storage.key) has two types or sizes")
            }
            sizes[storage.key] = (storage.element, storage.totalCount)
        }
        let keys = try PickleMachine.read(&file, allowed: [], operationLimit: limit)
        for key in keys.sequence(keys.root) ?? [] {
            guard let key = key.string, let size = sizes[key] else { throw CheckpointError("a storage that no tensor names") }
            guard let count = file.length(Int64.self), count == size.count, count <= file.count / size.element.size,
                let bytes = file.take(count * size.element.size)
            else { throw CheckpointError("storage \(key) does not have the size its tensors say: truncated or damaged") }
            contents.storages[key] = bytes
        }
        for key in sizes.keys where contents.storages[key] == nil { throw CheckpointError("storage \(key) is missing") }
        return contents
    }

    private static func checkHeader(_ file: inout FileBytes) throws(CheckpointError) {
        let unknown = CheckpointError("not a PyTorch checkpoint: neither a zip file nor one with the older format's magic number")
        // Anything may stand here, so that a failure of the pickle machine is no news.
        guard let magic = try? PickleMachine.read(&file, allowed: [], operationLimit: headerLimit),
            case .largeInteger(let number) = magic.root,
            number.count == Self.magic.count, number.starts(with: Self.magic)
        else { throw unknown }
        let version = try PickleMachine.read(&file, allowed: [], operationLimit: headerLimit)
        guard version.root.integer == protocolVersion else { throw CheckpointError("an unknown version of PyTorch's older format") }
        let system = try PickleMachine.read(&file, allowed: [], operationLimit: headerLimit)
        for entry in system.entries(system.root) ?? [] where entry.key.string == "little_endian" {
            if case .bool(false) = entry.value { throw CheckpointError("its numbers are big-endian, which cannot be read") }
        }
    }
}
