/// Checkpoints of `paddle.save`, `.pdparams`: a pickle of numpy arrays by name, weights for a built-in architecture.
///
/// It is read as data: nothing in it runs, and whatever is not needed for arrays is refused by name.
package enum PaddleCheckpointImporter: ModelImporter {
    package static let format = "Paddle checkpoint"
    package static let suffixes = ["pdparams", "pdopt"]
    package static let largestFile = 16 << 30

    /// A pickle. Those of PyTorch's older format are told before.
    package static func recognizes(_ file: SourceFile) -> Bool {
        file.bytes.count > 2 && file.bytes[0] == 0x80 && (2...5).contains(file.bytes[1])
    }

    package static func read(_ file: SourceFile, inputSize: (height: Int, width: Int)?) throws -> ImportedModel {
        do {
            return .weights(try tensors(in: file.bytes))
        } catch {
            var located = error
            located.file = file.path
            throw located
        }
    }

    /// The arrays of the checkpoint's state dict, by name, in single precision: the root, or what a training checkpoint has under one of
    /// `Pickle.stateDictWrappers`. The names that the program gave them, `StructuredToParameterName@@`, are left out.
    static func tensors(in file: [UInt8]) throws(CheckpointError) -> [String: WeightTensor] {
        var bytes = FileBytes(file)
        let pickle = try PickleMachine.read(
            &bytes, allowed: NumpyArray.globals.union(["collections.OrderedDict", "builtins.tuple", "__builtin__.tuple"]),
            operationLimit: PyTorchCheckpoint.operationLimit(fileSize: file.count))
        var allowance = WeightAllowance(fileSize: file.count)
        var tensors: [String: WeightTensor] = [:]
        for entry in try pickle.stateDict(where: { array($0, in: pickle) != nil }) {
            guard let name = entry.key.string, let array = array(entry.value, in: pickle) else { continue }
            tensors[name] = try array.tensor(name, &allowance)
        }
        return ParameterPrefixes.removed(from: tensors)
    }

    /// An array, or what nested checkpoints have: the pair of the program's name for it and the array.
    private static func array(_ value: PickleValue, in pickle: Pickle) -> NumpyArray? {
        var value = value
        if let object = pickle.object(value), ["builtins.tuple", "__builtin__.tuple"].contains(object.type) {
            guard let argument = pickle.sequence(object.arguments)?.first else { return nil }
            value = argument
        }
        if let pair = pickle.sequence(value) {
            guard pair.count == 2, pair[0].string != nil else { return nil }
            value = pair[1]
        }
        return NumpyArray(value, in: pickle)
    }
}
