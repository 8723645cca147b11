/// Finds the state dict in a checkpoint's pickle and turns its tensors into numbers.
struct PyTorchStateDict {
    private let contents: PyTorchContents
    private var allowance: WeightAllowance

    /// - Parameter fileSize: in bytes.
    init(contents: PyTorchContents, fileSize: Int) {
        self.contents = contents
        allowance = WeightAllowance(fileSize: fileSize)
    }

    mutating func read() throws(CheckpointError) -> [String: WeightTensor] {
        let tensors = try tensors(in: pickle.stateDict(where: isTensor))
        return ParameterPrefixes.removed(from: tensors)
    }

    private var pickle: Pickle { contents.pickle }

    /// Entries that are no tensors, such as an epoch beside them, are left out.
    private mutating func tensors(in entries: [Pickle.Entry]) throws(CheckpointError) -> [String: WeightTensor] {
        var tensors: [String: WeightTensor] = [:]
        for entry in entries {
            guard let name = entry.key.string, let arguments = tensorArguments(entry.value) else { continue }
            tensors[name] = try tensor(name, arguments)
        }
        return tensors
    }

    private func isTensor(_ value: PickleValue) -> Bool {
        tensorArguments(value) != nil
    }

    /// What the function that makes the tensor is called with: storage, offset, shape, strides, and more that does not matter.
    private func tensorArguments(_ value: PickleValue) -> [PickleValue]? {
        guard let object = pickle.object(value), let arguments = pickle.sequence(object.arguments) else { return nil }
        switch object.type {
        case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2":
            return arguments
        case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
            guard let inner = arguments.first.flatMap({ pickle.object($0) }), inner.type.hasPrefix("torch._utils._rebuild_tensor") else {
                return nil
            }
            return pickle.sequence(inner.arguments)
        default:
            return nil
        }
    }

    private mutating func tensor(_ name: String, _ arguments: [PickleValue]) throws(CheckpointError) -> WeightTensor {
        guard arguments.count >= 4, case .persistent(let id) = arguments[0], let offset = arguments[1].integer,
            let shape = dimensions(arguments[2]), let strides = dimensions(arguments[3])
        else { throw CheckpointError("tensor \(name) is not described as PyTorch does it") }
        let storage = try PyTorchStorage(pickle.persistentIDs[id], in: pickle)
        let view = PyTorchView(offset: offset, shape: shape, strides: strides)
        guard let count = view.count(inStorageOf: storage.count),
            let bytes = contents.storages[storage.key]?.part(
                at: storage.offset * storage.element.size, count: storage.count * storage.element.size)
        else { throw CheckpointError("tensor \(name) of shape \(shape) does not fit in its storage of \(storage.count) elements") }
        try allowance.take(count)
        return WeightTensor(shape: shape, values: view.values(bytes, storage.element))
    }

    /// A tuple or torch.Size of integers.
    private func dimensions(_ value: PickleValue) -> [Int]? {
        let tuple = pickle.object(value).flatMap { $0.type == "torch.Size" ? pickle.sequence($0.arguments)?.first : nil } ?? value
        guard let values = pickle.sequence(tuple) else { return nil }
        let integers = values.compactMap(\.integer)
        return integers.count == values.count ? integers : nil
    }
}
