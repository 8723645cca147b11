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
        /// Three for pictures in color, one for gray ones.
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
    /// What a run gives, in the source model's order; at least one.
    public let outputs: [ModelOutput]
    /// Number of the output that says what a picture shows: the first vector, or the first of all where there are only maps.
    public let classifyingOutput: Int
    /// The instruction set that capped the choice of kernels.
    public let instructionSet: InstructionSet
    /// Bytes of the file.
    package let fileSize: Int
    /// What this machine may be tried with; nil where the file has nothing.
    package let probe: Probe?

    package let tensors: [TensorDescription]
    package let operators: [ModelOperator]
    /// Tensor number of the picture.
    package let input: Int
    /// Tensor numbers of the outputs.
    let outputTensors: [Int]

    let quantizeInput: PackedKernel?
    /// What the kernels have packed.
    fileprivate let memory: OwnedMemory

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
        var outputs = reader.outputs
        outputTensors = outputs.map { $0.tensor }
        try packer.choose(&operators, input: reader.input, outputs: outputTensors)
        // What is packed is given back as packing goes on: the weights are hardly resident twice.
        let needed = ModelBytes.firstNeeded(after: operators, in: file.bytes)
        var memory = OwnedMemory()
        for index in operators.indices {
            try packer.pack(&operators[index], in: &memory)
            file.release(first: needed[index])
        }
        quantizeInput = try packer.packInput(reader.tensors[reader.input], offsets: reader.inputOffsets, in: &memory)
        for index in 0..<outputs.count {
            outputs[index].conversion = try packer.packOutput(reader.tensors[outputTensors[index]], in: &memory)
        }
        self.memory = memory
        self.operators = operators
        (name, preprocessing, labels, provenance) = (reader.name, reader.preprocessing, reader.labels, reader.provenance)
        (tensors, input, self.outputs, classifyingOutput) = (reader.tensors, reader.input, outputs, outputs.classifying)
        (instructionSet, probe) = (set, reader.probe)
        fileSize = file.bytes.count
    }
}

extension Model {
    /// The size of the picture that the model takes.
    public var inputShape: InputShape {
        InputShape(height: inputTensor.height, width: inputTensor.width, channels: inputTensor.channels)
    }
    /// Whether the model takes pictures: as many channels as `preprocessing` makes.
    public var takesPictures: Bool { inputTensor.channels == preprocessing.channels }
    /// Classes, each of which has a logit: the channels of the output that classifies.
    public var classCount: Int { outputs[classifyingOutput].channels }
    /// Whether the source model ends in a softmax, which a session leaves out: its values are logits.
    public var endsInSoftmax: Bool { outputs[classifyingOutput].head == .softmax }

    /// The number of an output; nil where none has the name.
    public func output(named name: String) -> Int? {
        for index in 0..<outputs.count where areEqual(outputs[index].name, name) { return index }
        return nil
    }

    /// The name of a class, counted from 0; `class N` where the file has no name for it.
    public func label(_ index: Int) -> String {
        labels.indices.contains(index) ? labels[index] : "class \(index)"
    }

    /// The name of an output's class: labels are those of the output that classifies.
    func label(_ index: Int, of output: Int) -> String {
        output == classifyingOutput ? label(index) : "class \(index)"
    }

    /// - Throws: bad input where the model takes something else than pictures.
    package func requirePictures() throws(SwiftletError) {
        guard takesPictures else { throw .badInput("\(name) takes \(inputShape.channels) channels, not pictures") }
    }

    /// The number of the vector that classifies.
    /// - Parameter name: of an output; nil: the first vector.
    /// - Throws: bad input where there is none, or it is a map.
    package func head(named name: String?) throws(SwiftletError) -> Int {
        var index = classifyingOutput
        if let name { index = try requireOutput(named: name) }
        guard outputs[index].isVector else { throw SwiftletError.badInput("a map is no vector of classes").about(self.name) }
        return index
    }

    /// The number of an output.
    /// - Throws: bad input where none has the name.
    package func requireOutput(named name: String) throws(SwiftletError) -> Int {
        if let index = output(named: name) { return index }
        throw SwiftletError.badInput("no output is called " + name + "; inspect lists them").about(self.name)
    }

    /// Bytes of packed weights and other constants.
    package var memoryBytes: Int { memory.byteCount }
    package var inputTensor: TensorDescription { tensors[input] }
    /// Tensor number of the output that classifies.
    package var output: Int { outputs[classifyingOutput].tensor }
    /// No operator computes in int8.
    package var isFloat: Bool { operators.allSatisfy { $0.kind.isFloat || !$0.kind.hasKernel } }
    package var multiplyAccumulates: Int64 {
        operators.reduce(WideCount(0)) { $0 + WideCount(UInt64($1.multiplyAccumulates)) }.clamped
    }
    /// Of all operators, for one picture: see `ModelOperator.operations`.
    package var operations: WideCount { operators.reduce(WideCount(0)) { $0 + $1.operations } }
}
