/// The container since PyTorch 1.6: a zip file with the pickle NAME/data.pkl and a storage in every NAME/data/KEY.
enum PyTorchZipFile {
    static func read(_ file: FileBytes) throws(CheckpointError) -> PyTorchContents {
        let archive = try ZipArchive(file)
        guard
            let pickleName = archive.names.filter({ $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }).min(by: {
                ($0.count, $0) < ($1.count, $1)
            })
        else { throw CheckpointError("a zip file without data.pkl: not a PyTorch checkpoint") }
        let folder = String(pickleName.dropLast("data.pkl".count))
        if let order = try archive.contents(folder + "byteorder"), order.count != 6 || order.text != "little" {
            let name = order.part(at: 0, count: min(order.count, 16))?.text ?? ""
            throw CheckpointError("its numbers are stored in the byte order \"\(name)\", only \"little\" can be read")
        }
        guard var bytes = try archive.contents(pickleName) else { throw CheckpointError("data.pkl is missing") }
        let pickle = try PickleMachine.read(
            &bytes, allowed: PyTorchCheckpoint.allowed, operationLimit: PyTorchCheckpoint.operationLimit(fileSize: file.count))
        var contents = PyTorchContents(pickle: pickle, storages: [:])
        for id in pickle.persistentIDs {
            let storage = try PyTorchStorage(id, in: pickle)
            if contents.storages[storage.key] == nil {
                guard let bytes = try archive.contents(folder + "data/" + storage.key) else {
                    throw CheckpointError("storage \(storage.key) is missing")
                }
                contents.storages[storage.key] = bytes
            }
            guard let bytes = contents.storages[storage.key], storage.totalCount <= bytes.count / storage.element.size else {
                throw CheckpointError("storage \(storage.key) is shorter than its tensors say")
            }
        }
        return contents
    }
}
