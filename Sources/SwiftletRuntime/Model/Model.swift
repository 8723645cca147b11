import CKernels
import CPlatform

/// A model file, mapped, checked, and packed for this machine's kernels. Immutable: any number of sessions, on any threads, may share one.
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
        let file = sp_map(path)
        guard file.error == 0 else { throw ModelError("\(path): \(String(cString: sp_error_text(file.error)))") }
        defer { sp_unmap(file) }
        do {
            return try Model(bytes: UnsafeRawBufferPointer(start: file.bytes, count: file.size), isa: isa, allowsLarge: allowsLarge, isMapping: true)
        } catch {
            throw ModelError("\(path): \(error.message)", isAboutWork: error.isAboutWork)
        }
    }

    /// Checks and packs the bytes of a `.slet` file; keeps nothing of `bytes`.
    public convenience init(bytes: UnsafeRawBufferPointer, isa: sk_isa? = nil, allowsLarge: Bool = false) throws(ModelError) {
        try self.init(bytes: bytes, isa: isa, allowsLarge: allowsLarge, isMapping: false)
    }

    /// - Parameter isMapping: `bytes` are a file's pages, which can be given back while packing: the weights are never resident twice.
    private init(bytes: UnsafeRawBufferPointer, isa: sk_isa?, allowsLarge: Bool, isMapping: Bool) throws(ModelError) {
        let aligned = AlignedFile(bytes)
        let reader = try ModelReader(aligned.bytes, allowsLarge: allowsLarge)
        self.isa = isa ?? sk_cpu_isa()
        name = reader.name
        tensors = reader.tensors
        input = reader.input
        output = reader.output
        endsInSoftmax = reader.endsInSoftmax
        preprocessing = reader.preprocessing
        labels = reader.labels
        provenance = reader.provenance
        fileSize = bytes.count

        let packer = KernelPacker(tensors: reader.tensors, isa: self.isa)
        var operators = reader.operators
        try packer.choose(&operators, input: reader.input, output: reader.output)
        if isMapping { sp_release_pages(bytes.baseAddress, bytes.count) }  // the checksums have touched all
        for index in operators.indices {
            try packer.pack(&operators[index])
            if isMapping && operators[index].parameterBytes > 1 << 18 { sp_release_pages(bytes.baseAddress, bytes.count) }
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

    /// For tools that hold a file in an array, such as one just built.
    public convenience init(bytes: [UInt8], isa: sk_isa? = nil, allowsLarge: Bool = false) throws(ModelError) {
        let copy = AlignedFile(copying: bytes)
        try self.init(bytes: copy.bytes, isa: isa, allowsLarge: allowsLarge)
    }
}

/// The bytes of a file at an address whose blobs are aligned: a mapping's own, or a copy.
private final class AlignedFile {
    let bytes: UnsafeRawBufferPointer
    private let owned: UnsafeMutableRawPointer?

    init(_ bytes: UnsafeRawBufferPointer) {
        let isAligned = bytes.baseAddress.map { UInt(bitPattern: $0) % UInt(FileLayout.alignment) == 0 } ?? true
        if isAligned {
            owned = nil
            self.bytes = bytes
        } else {
            owned = AlignedFile.copy(bytes)
            self.bytes = UnsafeRawBufferPointer(start: owned, count: owned == nil ? 0 : bytes.count)
        }
    }

    init(copying array: [UInt8]) {
        owned = array.withUnsafeBytes { AlignedFile.copy($0) }
        bytes = UnsafeRawBufferPointer(start: owned, count: owned == nil ? 0 : array.count)
    }

    private static func copy(_ bytes: UnsafeRawBufferPointer) -> UnsafeMutableRawPointer? {
        guard let memory = sp_allocate(bytes.count) else { return nil }
        if bytes.count > 0 { memory.copyMemory(from: bytes.baseAddress!, byteCount: bytes.count) }
        return memory
    }

    deinit { sp_free(owned) }
}
