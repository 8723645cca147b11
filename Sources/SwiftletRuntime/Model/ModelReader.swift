internal import CKernels

/// Parses and checks the sections of a `.slet` file. Whatever the bytes are, the result is a model that can run without reading or writing
/// out of range, or an error that names the field.
struct ModelReader {
    private(set) var name = ""
    private(set) var tensors: [TensorDescription] = []
    private(set) var operators: [ModelOperator] = []
    private(set) var input = 0
    private(set) var inputOffsets: [Float] = []
    private(set) var outputs: [ModelOutput] = []
    private(set) var preprocessing = Preprocessing()
    private(set) var labels: [String] = []
    private(set) var provenance: [(key: String, value: String)] = []
    private(set) var probe: Probe?

    private var data: DataSection
    /// What the model section says of the output that classifies: its tensor, and whether the source model ends in a softmax.
    private var output = 0
    private var endsInSoftmax = false

    /// - Parameter allowsLarge: takes a model of more than `Ceilings.operations`.
    init(_ file: UnsafeRawBufferPointer, allowsLarge: Bool = false) throws(SwiftletError) {
        let sections = try FileLayout.sections(of: file)
        data = DataSection(sections[1])
        var model = ByteReader(sections[0])
        try readHeader(&model)
        try readTensors(&model)
        try readOperators(&model, allowsLarge: allowsLarge)
        guard model.isAtEnd else { throw .badFile("model section: bytes follow the last operator") }
        try readOutputs(sections[FileLayout.outputs - 1])
        try readPreprocessing(sections[2])
        try readLabels(sections[3])
        try readProvenance(sections[4])
        try readProbe(sections[FileLayout.probe - 1])
    }

    // MARK: - Sections

    private mutating func readHeader(_ reader: inout ByteReader) throws(SwiftletError) {
        guard let name = reader.string(), let input = reader.uint32(), let output = reader.uint32(), let softmax = reader.uint8() else {
            throw .badFile("model section: truncated in its header")
        }
        guard softmax <= 1 else { throw .badFile("model section: ends-in-softmax is \(softmax), not 0 or 1") }
        (self.name, self.input, self.output, endsInSoftmax) = (name, input, output, softmax == 1)
        inputOffsets = try data.values(&reader, "model section", "input offsets")
    }

    private mutating func readTensors(_ reader: inout ByteReader) throws(SwiftletError) {
        guard let count = reader.uint32() else { throw .badFile("model section: truncated before the tensors") }
        guard count >= 1, count <= Ceilings.tensors else { throw .badFile("tensor count is \(count), not 1 to \(Ceilings.tensors)") }
        for index in 0..<count {
            guard let name = reader.string(), let type = reader.uint8(), let height = reader.uint32(), let width = reader.uint32(),
                let channels = reader.uint32()
            else { throw .badFile("tensor \(index): truncated") }
            let label = "tensor \(index) (\(name))"
            guard let element = ElementType(rawValue: UInt8(type)) else { throw .badFile("\(label): unknown type \(type)") }
            for size in [height, width, channels] where size < 1 || size > Bounds.largestSide {
                throw .badFile("\(label): size \(height)x\(width)x\(channels)")
            }
            let scales: [Float] = try data.values(&reader, label, "scales")
            let zeros: [Int8] = try data.values(&reader, label, "zero points")
            if element == .float32 {
                guard scales.isEmpty, zeros.isEmpty else { throw .badFile("\(label): a float tensor has a grid") }
            } else {
                guard scales.count == 1 || scales.count == channels, zeros.count == scales.count else {
                    throw .badFile("\(label): \(scales.count) scales and \(zeros.count) zero points for \(channels) channels")
                }
                for scale in scales where !Bounds.isScale(scale) { throw .badFile("\(label): a scale is out of range") }
            }
            let tensor = TensorDescription(
                name: name, type: element, height: height, width: width, channels: channels, scales: scales, zeros: zeros)
            guard tensor.valueCount <= Ceilings.values else {
                throw .badFile(
                    "\(label): size \(height)x\(width)x\(channels), \(Ceilings.exceeded(tensor.valueCount, "values", Ceilings.values))")
            }
            tensors.append(tensor)
        }
        guard input < count else { throw .badFile("input tensor is \(input) of \(count)") }
        guard output < count else { throw .badFile("output tensor is \(output) of \(count)") }
        guard inputOffsets.isEmpty || inputOffsets.count == tensors[input].channels, tensors[input].type == .int8 || inputOffsets.isEmpty
        else {
            throw .badFile("input offsets do not fit the input tensor")
        }
        for offset in inputOffsets where !Bounds.isOffset(offset) { throw .badFile("an input offset is out of range") }
    }

    private mutating func readOperators(_ reader: inout ByteReader, allowsLarge: Bool) throws(SwiftletError) {
        guard let count = reader.uint32() else { throw .badFile("model section: truncated before the operators") }
        guard count >= 1, count <= Ceilings.tensors else { throw .badFile("operator count is \(count), not 1 to \(Ceilings.tensors)") }
        var isReady = [Bool](repeating: false, count: tensors.count)
        isReady[input] = true
        var operations = WideCount(0)
        for index in 0..<count {
            let operation = try readOperator(&reader, index, isReady)
            isReady[operation.output] = true
            operations = operations + operation.operations
            operators.append(operation)
        }
        guard isReady[output], output != input else { throw .badFile("no operator writes the output tensor") }
        guard allowsLarge || operations <= Ceilings.operations else {
            throw SwiftletError(.tooMuchWork, "a picture takes \(Ceilings.exceeded(operations, "operations", Ceilings.operations))")
        }
    }

    private mutating func readOperator(_ reader: inout ByteReader, _ index: Int, _ isReady: [Bool]) throws(SwiftletError) -> ModelOperator {
        var record = try readRecord(&reader, index, isReady)
        let label = "operator \(index) (\(record.name))"
        try readAttributes(&reader, label, of: &record)
        let (arrays, bytes) = try readArrays(&reader, label)
        let (inputs, output) = (record.inputs.map { tensors[$0] }, tensors[record.output])
        let shape = sk_shape(record, tableEntries: arrays.table.count, inputs: inputs, output: output)
        try OperatorCheck(
            label: label, kind: record.kind, activation: record.activation, shape: shape, inputs: inputs, output: output, arrays: arrays
        ).run()
        return ModelOperator(
            name: record.name, kind: record.kind, activation: record.activation, inputs: record.inputs, output: record.output,
            shape: shape, selection: record.kind.hasKernel ? [] : arrays.selection, parameterBytes: bytes,
            arrays: arrays)
    }

    /// What an operator is, reads and writes.
    private func readRecord(_ reader: inout ByteReader, _ index: Int, _ isReady: [Bool]) throws(SwiftletError) -> OperatorDescription {
        guard let name = reader.string(), let kindNumber = reader.uint8(), let activationNumber = reader.uint8(),
            let flags = reader.uint8(), let inputCount = reader.uint8()
        else { throw .badFile("operator \(index): truncated") }
        let label = "operator \(index) (\(name))"
        guard let kind = OperatorKind(rawValue: UInt8(kindNumber)) else { throw .badFile("\(label): unknown kind \(kindNumber)") }
        guard let activation = LoweredActivation(rawValue: UInt8(activationNumber)) else {
            throw .badFile("\(label): unknown activation \(activationNumber)")
        }
        guard flags <= (kind.isPool ? 3 : 0) else { throw .badFile("\(label): unknown flags \(flags)") }
        var inputs: [Int] = []
        for _ in 0..<inputCount {
            guard let input = reader.uint32() else { throw .badFile("\(label): truncated") }
            guard input < tensors.count, isReady[input] else { throw .badFile("\(label): reads tensor \(input) before it is written") }
            inputs.append(input)
        }
        guard let output = reader.uint32() else { throw .badFile("\(label): truncated") }
        guard output < tensors.count, !isReady[output] else { throw .badFile("\(label): writes tensor \(output), which is not free") }
        guard inputs.count >= 1 else { throw .badFile("\(label): has no input") }
        var record = OperatorDescription(kind: kind, name: name, inputs: inputs, output: output)
        record.activation = activation
        (record.isMaxPool, record.poolCountsPadding) = (flags & 1 != 0, flags & 2 != 0)
        return record
    }

    /// The window, the groups and the activation's constants.
    private func readAttributes(
        _ reader: inout ByteReader, _ label: String, of record: inout OperatorDescription
    ) throws(SwiftletError) {
        func field() throws(SwiftletError) -> Int32 {
            guard let value = reader.uint32() else { throw .badFile("\(label): truncated") }
            guard value <= Bounds.largestSide else { throw .badFile("\(label): a window field or the group count is \(value)") }
            return Int32(value)
        }
        record.window.kernelHeight = try field()
        record.window.kernelWidth = try field()
        record.window.strideHeight = try field()
        record.window.strideWidth = try field()
        record.window.dilationHeight = try field()
        record.window.dilationWidth = try field()
        record.window.padTop = try field()
        record.window.padLeft = try field()
        record.window.padBottom = try field()
        record.window.padRight = try field()
        record.groups = Int(try field())
        guard let a = reader.float32(), let b = reader.float32() else { throw .badFile("\(label): truncated") }
        (record.activationA, record.activationB) = (a, b)
    }

    /// The arrays, and how many bytes they have.
    private mutating func readArrays(_ reader: inout ByteReader, _ label: String) throws(SwiftletError) -> (OperatorArrays, Int) {
        var (arrays, bytes) = (OperatorArrays(), 0)
        arrays.weights = try data.array(&reader, label, "weights", &bytes)
        arrays.bias = try data.array(&reader, label, "bias", &bytes)
        arrays.multiplier = try data.array(&reader, label, "multipliers", &bytes)
        arrays.offsets = try data.array(&reader, label, "offsets", &bytes)
        arrays.secondMultiplier = try data.array(&reader, label, "second multipliers", &bytes)
        arrays.table = try data.array(&reader, label, "table", &bytes)
        arrays.floatWeights = try data.array(&reader, label, "float weights", &bytes)
        arrays.floatBias = try data.array(&reader, label, "float bias", &bytes)
        return (arrays, bytes)
    }

    /// The outputs as their section lists them; without one, the vector that the model section names.
    private mutating func readOutputs(_ section: UnsafeRawBufferPointer) throws(SwiftletError) {
        guard section.baseAddress != nil else {
            guard tensors[output].isVector else { throw .badFile("output tensor is not a vector") }
            let one = OutputDescription(name: tensors[output].name, tensor: output, head: endsInSoftmax ? .softmax : .none)
            outputs = [ModelOutput(one, tensors[output])]
            return
        }
        var reader = ByteReader(section)
        let count = reader.uint32() ?? 0
        guard count >= 1, count <= Bounds.largestOutputs else { throw .badFile("outputs section: not 1 to 64 outputs") }
        for _ in 0..<count { try readOutput(&reader) }
        guard reader.isAtEnd else { throw .badFile("outputs section: bytes follow the last output") }
        let answer = outputs[outputs.classifying]
        guard answer.tensor == output, (answer.head == .softmax) == endsInSoftmax else {
            throw .badFile("outputs section: the first vector is another than the model section's output")
        }
    }

    private mutating func readOutput(_ reader: inout ByteReader) throws(SwiftletError) {
        guard let name = reader.string(), let tensor = reader.uint32(), let number = reader.uint8() else {
            throw .badFile("outputs section: truncated")
        }
        var isNamed = !name.utf8.isEmpty
        for other in outputs where areEqual(other.name, name) { isNamed = false }
        guard isNamed else { throw .badFile("outputs section: an output has no name of its own") }
        guard isWritten(tensor) else { throw .badFile("outputs section: no operator writes an output") }
        guard let head = OutputHead(rawValue: UInt8(number)) else { throw .badFile("outputs section: unknown head") }
        guard head == .none || tensors[tensor].isVector else { throw .badFile("outputs section: a map has a head") }
        outputs.append(ModelOutput(OutputDescription(name: name, tensor: tensor, head: head), tensors[tensor]))
    }

    private func isWritten(_ tensor: Int) -> Bool {
        for operation in operators where operation.output == tensor { return true }
        return false
    }

    private mutating func readPreprocessing(_ section: UnsafeRawBufferPointer) throws(SwiftletError) {
        var reader = ByteReader(section)
        guard let read = Preprocessing(from: &reader), reader.isAtEnd else { throw .badFile("preprocessing section: damaged") }
        try read.check(input: tensors[input])
        preprocessing = read
    }

    private mutating func readLabels(_ section: UnsafeRawBufferPointer) throws(SwiftletError) {
        var reader = ByteReader(section)
        guard let count = reader.uint32() else { throw .badFile("labels section: truncated") }
        let classes = tensors[output].channels
        guard count == 0 || count == classes else { throw .badFile("labels section: \(count) labels for \(classes) classes") }
        for index in 0..<count {
            guard let label = reader.string() else { throw .badFile("labels section: truncated in label \(index)") }
            labels.append(label)
        }
        guard reader.isAtEnd else { throw .badFile("labels section: bytes follow the last label") }
    }

    private mutating func readProvenance(_ section: UnsafeRawBufferPointer) throws(SwiftletError) {
        var reader = ByteReader(section)
        guard let count = reader.uint32(), count <= Bounds.largestProvenance else { throw .badFile("provenance section: damaged") }
        for _ in 0..<count {
            guard let key = reader.string(), let value = reader.string() else { throw .badFile("provenance section: truncated") }
            provenance.append((key, value))
        }
        guard reader.isAtEnd else { throw .badFile("provenance section: bytes follow the last entry") }
    }

    private mutating func readProbe(_ section: UnsafeRawBufferPointer) throws(SwiftletError) {
        guard section.baseAddress != nil else { return }
        var reader = ByteReader(section)
        guard let read = Probe(from: &reader), reader.isAtEnd else { throw .badFile("probe section: damaged") }
        probe = read
    }
}
