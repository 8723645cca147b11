internal import CKernels

/// A model file, read, checked, and packed for this machine's kernels.
///
/// Immutable: any number of sessions, on any threads, may share one.
public final class Model: @unchecked Sendable {  // all state is written in init
    /// Sides and channels of a picture, or of what else a model takes.
    public struct InputShape: Sendable, Equatable {
        /// In pixels.
        public let height: Int
        /// In pixels.
        public let width: Int
        /// Three for pictures.
        public let channels: Int

        /// Values of one picture, which lie [height][width][channels].
        public var count: Int { height * width * channels }
    }

    /// The name that the model's source has.
    public let name: String
    /// How a picture becomes the model's input.
    public let preprocessing: Preprocessing
    /// The names of the classes in their order, or nothing where the file has no names.
    public let labels: [String]
    /// Where the file came from, such as ("source.sha256", "…"), in the file's order.
    public let provenance: [(key: String, value: String)]
    /// Whether the source model ends in a softmax, which a session leaves out: its values are logits.
    public let endsInSoftmax: Bool
    /// The instruction set that capped the choice of kernels.
    public let instructionSet: InstructionSet
    /// Bytes of the file.
    package let fileSize: Int

    package let tensors: [TensorDescription]
    package let operators: [ModelOperator]
    /// Tensor number of the picture.
    package let input: Int
    /// Tensor number of the logits.
    package let output: Int

    let quantizeInput: PackedKernel?
    let dequantizeOutput: PackedKernel?
    /// What the kernels have packed.
    private let memory: OwnedMemory

    /// Reads, checks and packs a `.slet` file.
    /// - Parameters:
    ///   - path: the file.
    ///   - instructionSet: the best to use; nil: the best that this machine has.
    ///   - allowsLarge: takes a model however long its runs are; ceilings of memory hold all the same.
    /// - Throws: an error that names the file, and the field that is wrong.
    public convenience init(path: String, instructionSet: InstructionSet? = nil, allowsLarge: Bool = false) throws(SwiftletError) {
        do {
            var file = try ModelBytes(path: path)
            try self.init(&file, instructionSet, allowsLarge: allowsLarge)
        } catch {
            throw error.about(path)
        }
    }

    /// Checks and packs the bytes of a `.slet` file; keeps nothing of `bytes`.
    public convenience init(
        bytes: UnsafeRawBufferPointer, instructionSet: InstructionSet? = nil, allowsLarge: Bool = false
    ) throws(SwiftletError) {
        var bytes = try ModelBytes(bytes)
        try self.init(&bytes, instructionSet, allowsLarge: allowsLarge)
    }

    /// Checks and packs the bytes of a `.slet` file.
    public convenience init(bytes: [UInt8], instructionSet: InstructionSet? = nil, allowsLarge: Bool = false) throws(SwiftletError) {
        var bytes = try ModelBytes(copying: bytes)
        try self.init(&bytes, instructionSet, allowsLarge: allowsLarge)
    }

    private init(_ file: inout ModelBytes, _ wanted: InstructionSet?, allowsLarge: Bool) throws(SwiftletError) {
        let set = wanted ?? .best
        guard set.isAvailable else { throw .unsupported("this processor lacks \(set)") }
        let reader = try ModelReader(file.bytes, allowsLarge: allowsLarge)
        let packer = KernelPacker(tensors: reader.tensors, isa: set.isa)
        var operators = reader.operators
        try packer.choose(&operators, input: reader.input, output: reader.output)
        // What is packed is given back as packing goes on: the weights are hardly resident twice.
        let needed = ModelBytes.firstNeeded(after: operators, in: file.bytes)
        var memory = OwnedMemory()
        for index in operators.indices {
            try packer.pack(&operators[index], in: &memory)
            file.release(first: needed[index])
        }
        quantizeInput = try packer.packInput(reader.tensors[reader.input], offsets: reader.inputOffsets, in: &memory)
        dequantizeOutput = try packer.packOutput(reader.tensors[reader.output], in: &memory)
        self.memory = memory
        self.operators = operators
        (name, preprocessing, labels, provenance) = (reader.name, reader.preprocessing, reader.labels, reader.provenance)
        (tensors, input, output, endsInSoftmax) = (reader.tensors, reader.input, reader.output, reader.endsInSoftmax)
        instructionSet = set
        fileSize = file.bytes.count
    }
}

extension Model {
    /// The size of the picture that the model takes.
    public var inputShape: InputShape {
        InputShape(height: inputTensor.height, width: inputTensor.width, channels: inputTensor.channels)
    }
    /// Whether the model takes pictures: three channels, which `preprocessing` makes.
    public var takesPictures: Bool { inputTensor.channels == 3 }
    /// Classes, each of which has a logit.
    public var classCount: Int { tensors[output].channels }

    /// The name of a class, counted from 0; `class N` where the file has no name for it.
    public func label(_ index: Int) -> String {
        labels.indices.contains(index) ? labels[index] : "class \(index)"
    }

    /// - Throws: bad input where the model takes something else than pictures.
    package func requirePictures() throws(SwiftletError) {
        guard takesPictures else { throw .badInput("\(name) takes \(inputShape.channels) channels, not pictures") }
    }

    package var inputTensor: TensorDescription { tensors[input] }
    /// No operator computes in int8.
    package var isFloat: Bool { operators.allSatisfy { $0.kind.isFloat || $0.kind == .concatenate } }
    package var multiplyAccumulates: Int64 {
        operators.reduce(WideCount(0)) { $0 + WideCount(UInt64($1.multiplyAccumulates)) }.clamped
    }
    /// Of all operators, for one picture: see `ModelOperator.operations`.
    package var operations: WideCount { operators.reduce(WideCount(0)) { $0 + $1.operations } }
}
