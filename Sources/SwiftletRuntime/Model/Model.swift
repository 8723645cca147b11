import CKernels
import CPlatform

/// A model file, read, checked, and packed for this machine's kernels. Immutable: any number of sessions, on any threads, may share one.
public final class Model: @unchecked Sendable {  // all state is written in init
    public let name: String
    public let tensors: [TensorDescription]
    public let operators: [ModelOperator]
    /// Tensor number of the picture.
    public let input: Int
    /// Tensor number of the logits.
    public let output: Int
    /// Whether the source model ends in a softmax, which is not among the operators.
    public let endsInSoftmax: Bool
    public let preprocessing: Preprocessing
    /// One a class, or empty.
    public let labels: [String]
    public let provenance: [(key: String, value: String)]
    public let fileSize: Int
    /// The instruction set that capped the choice of kernels.
    public let isa: sk_isa

    let quantizeInput: PackedKernel?
    let dequantizeOutput: PackedKernel?

    public var inputTensor: TensorDescription { tensors[input] }
    public var classes: Int { tensors[output].channels }
    /// No operator computes in int8.
    public var isFloat: Bool { operators.allSatisfy { $0.kind.isFloat || $0.kind == .concatenate } }
    public var multiplyAccumulates: Int64 { operators.reduce(WideCount(0)) { $0 + WideCount(UInt64($1.multiplyAccumulates)) }.clamped }
    /// Of all operators, for one picture: see `ModelOperator.operations`.
    public var operations: WideCount { operators.reduce(WideCount(0)) { $0 + $1.operations } }

    /// Reads, checks and packs a `.slet` file.
    /// - Parameters:
    ///   - isa: the best instruction set to use; nil: the best this machine has.
    ///   - allowsLarge: takes a model however long its runs are (`Ceilings.operations`); ceilings of memory hold all the same.
    /// - Throws: `ModelError`, one line that names the file and the field.
    public static func load(path: String, isa: sk_isa? = nil, allowsLarge: Bool = false) throws(ModelError) -> Model {
        do {
            var file = try ModelBytes(path: path)
            return try Model(&file, isa: isa, allowsLarge: allowsLarge)
        } catch {
            throw ModelError("\(path): \(error.message)", isAboutWork: error.isAboutWork)
        }
    }

    /// Checks and packs the bytes of a `.slet` file; keeps nothing of `bytes`.
    public convenience init(bytes: UnsafeRawBufferPointer, isa: sk_isa? = nil, allowsLarge: Bool = false) throws(ModelError) {
        var bytes = try ModelBytes(bytes)
        try self.init(&bytes, isa: isa, allowsLarge: allowsLarge)
    }

    /// For tools that hold a file in an array, such as one just built.
    public convenience init(bytes: [UInt8], isa: sk_isa? = nil, allowsLarge: Bool = false) throws(ModelError) {
        var bytes = try ModelBytes(copying: bytes)
        try self.init(&bytes, isa: isa, allowsLarge: allowsLarge)
    }

    private init(_ file: inout ModelBytes, isa: sk_isa?, allowsLarge: Bool) throws(ModelError) {
        let reader = try ModelReader(file.bytes, allowsLarge: allowsLarge)
        self.isa = isa ?? sk_cpu_isa()
        name = reader.name
        tensors = reader.tensors
        input = reader.input
        output = reader.output
        endsInSoftmax = reader.endsInSoftmax
        preprocessing = reader.preprocessing
        labels = reader.labels
        provenance = reader.provenance
        fileSize = file.bytes.count

        let packer = KernelPacker(tensors: reader.tensors, isa: self.isa)
        var operators = reader.operators
        try packer.choose(&operators, input: reader.input, output: reader.output)
        // What is packed is given back as packing goes on: the weights are hardly resident twice.
        let needed = ModelBytes.firstNeeded(after: operators, in: file.bytes)
        for index in operators.indices {
            try packer.pack(&operators[index])
            file.release(first: needed[index])
        }
        self.operators = operators
        quantizeInput = try packer.packInput(reader.tensors[reader.input], offsets: reader.inputOffsets)
        dequantizeOutput = try packer.packOutput(reader.tensors[reader.output])
    }

    deinit {
        for operation in operators { sp_free(operation.packed) }
        quantizeInput?.free()
        dequantizeOutput?.free()
    }
}
