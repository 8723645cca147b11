/// Reads the tensors of a PyTorch checkpoint (`torch.save` of a state dict), from the zip format and from the one before PyTorch 1.6.
///
/// The pickle in it is read as data: nothing runs, and whatever is not needed for tensors is refused by name.
package enum PyTorchCheckpoint {
    /// The tensors of the checkpoint's state dict, by name, in single precision.
    ///
    /// The state dict is the root or, in a training checkpoint, the entry called state_dict, model_state_dict, model, model_ema, net,
    /// network or params, in this order. Prefixes of wrappers before all names are taken off: see `ParameterPrefixes`.
    /// - Parameter file: its name in errors.
    /// - Throws: `CheckpointError` naming the file.
    package static func load(bytes: [UInt8], file: String) throws(CheckpointError) -> [String: WeightTensor] {
        do {
            return try tensors(in: bytes)
        } catch {
            throw locate(error, file)
        }
    }

    /// The same for bytes without a name.
    package static func tensors(in bytes: [UInt8]) throws(CheckpointError) -> [String: WeightTensor] {
        let file = FileBytes(bytes)
        let contents = file.starts(with: ZipArchive.magic) ? try PyTorchZipFile.read(file) : try PyTorchLegacyFile.read(file)
        var reader = PyTorchStateDict(contents: contents, fileSize: bytes.count)
        return try reader.read()
    }

    /// How many operations a file's pickle may have. The tensors of a training checkpoint take fifty thousand; an operation may take forty
    /// bytes of memory, twice that while an array grows, and just one of the file.
    static func operationLimit(fileSize: Int) -> Int { (1 << 18) + fileSize / 64 }

    /// Names that pickles of state dicts and of training checkpoints contain. The last group stands beside the weights, in entries that
    /// nobody looks at.
    static let allowed: Set<String> = Set(
        PyTorchElement.allCases.map(\.rawValue) + [
            "collections.OrderedDict", "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_parameter",
            "torch._utils._rebuild_parameter_with_state", "torch.Size",
            "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar", "numpy.dtype", "_codecs.encode", "argparse.Namespace",
        ])

    private static func locate(_ error: CheckpointError, _ path: String) -> CheckpointError {
        var located = error
        located.file = path
        return located
    }
}

/// A checkpoint's pickle and the bytes of its storages, whatever the container.
struct PyTorchContents {
    var pickle: Pickle
    /// Storages by key. A storage's element count has been checked against its bytes.
    var storages: [String: FileBytes]
}
