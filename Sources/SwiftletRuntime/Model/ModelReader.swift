internal import CKernels

/// Parses and checks the sections of a `.slet` file. Whatever the bytes are, the result is a model that can run without reading or writing
/// out of range, or an error that names the field.
struct ModelReader {
    private(set) var name = ""
    private(set) var tensors: [TensorDescription] = []
    private(set) var operators: [ModelOperator] = []
    private(set) var input = 0
    private(set) var inputOffsets: [Float] = []
    private(set) var output = 0
    private(set) var endsInSoftmax = false
    private(set) var preprocessing = Preprocessing()
    private(set) var labels: [String] = []
    private(set) var provenance: [(key: String, value: String)] = []

    private let data: UnsafeRawBufferPointer
    /// Where the last array of the data section ends: the next one begins there or later.
    private var dataRead = 0

    /// - Parameter allowsLarge: takes a model of more than `Ceilings.operations`.
    init(_ file: UnsafeRawBufferPointer, allowsLarge: Bool = false) throws(SwiftletError) {
        let sections = try FileLayout.sections(of: file)
        data = sections[1]
        var model = ByteReader(sections[0])
        try readHeader(&model)
        try readTensors(&model)
        try readOperators(&model, allowsLarge: allowsLarge)
        guard model.isAtEnd else { throw .badFile("model section: bytes follow the last operator") }
        try readPreprocessing(sections[2])
        try readLabels(sections[3])
        try readProvenance(sections[4])
    }

    // MARK: - Sections

    private mutating func readHeader(_ reader: inout ByteReader) throws(SwiftletError) {
        guard let name = reader.string(), let input = reader.uint32(), let output = reader.uint32(), let softmax = reader.uint8() else {
            throw .badFile("model section: truncated in its header")
        }
        guard softmax <= 1 else { throw .badFile("model section: ends-in-softmax is \(softmax), not 0 or 1") }
        (self.name, self.input, self.output, endsInSoftmax) = (name, input, output, softmax == 1)
        inputOffsets = try values(Float.self, &reader, "input offsets")
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
            for size in [height, width, channels] where size < 1 || size > 65_535 {
                throw .badFile("\(label): size \(height)x\(width)x\(channels)")
            }
            let scales = try values(Float.self, &reader, "\(label): scales")
            let zeros = try values(Int8.self, &reader, "\(label): zero points")
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
        guard tensors[output].height * tensors[output].width == 1 else { throw .badFile("output tensor is not a vector") }
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
        guard let name = reader.string(), let kindNumber = reader.uint8(), let activationNumber = reader.uint8(),
            let flags = reader.uint8(),
            let inputCount = reader.uint8()
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

        var fields: [Int32] = []
        for _ in 0..<11 {
            guard let value = reader.uint32() else { throw .badFile("\(label): truncated") }
            guard value <= 65_535 else { throw .badFile("\(label): a window field or the group count is \(value)") }
            fields.append(Int32(value))
        }
        guard let a = reader.float32(), let b = reader.float32() else { throw .badFile("\(label): truncated") }
        let (from, to) = (tensors[inputs[0]], tensors[output])
        var shape = sk_shape()
        shape.batch = 1
        (shape.in_h, shape.in_w, shape.in_c) = (Int32(from.height), Int32(from.width), Int32(from.channels))
        (shape.out_h, shape.out_w, shape.out_c) = (Int32(to.height), Int32(to.width), Int32(to.channels))
        (shape.kernel_h, shape.kernel_w, shape.stride_h, shape.stride_w) = (fields[0], fields[1], fields[2], fields[3])
        (shape.dilation_h, shape.dilation_w) = (fields[4], fields[5])
        (shape.pad_top, shape.pad_left, shape.pad_bottom, shape.pad_right) = (fields[6], fields[7], fields[8], fields[9])
        shape.groups = fields[10]
        shape.activation = Int32(activation.rawValue)
        (shape.act_a, shape.act_b) = (a, b)
        shape.pool_max = Int32(flags & 1)
        shape.pool_count_pad = Int32(flags >> 1)

        var operation = ModelOperator(name: name, kind: kind, activation: activation, inputs: inputs, output: output, shape: shape)
        let weights = try blob(Int8.self, &reader, "\(label): weights", &operation.parameterBytes)
        let bias = try blob(Int32.self, &reader, "\(label): bias", &operation.parameterBytes)
        let multiplier = try blob(Float.self, &reader, "\(label): multipliers", &operation.parameterBytes)
        let offsets = try blob(Float.self, &reader, "\(label): offsets", &operation.parameterBytes)
        let second = try blob(Float.self, &reader, "\(label): second multipliers", &operation.parameterBytes)
        let table = try blob(UInt8.self, &reader, "\(label): table", &operation.parameterBytes)
        let floatWeights = try blob(Float.self, &reader, "\(label): float weights", &operation.parameterBytes)
        let floatBias = try blob(Float.self, &reader, "\(label): float bias", &operation.parameterBytes)
        let check = OperatorCheck(
            label: label, inputs: inputs.map { tensors[$0] }, output: to, weights: weights, bias: bias, multiplier: multiplier,
            offsets: offsets, secondMultiplier: second, table: table, floatWeights: floatWeights, floatBias: floatBias)
        try check.run(&operation)
        return operation
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
        guard let count = reader.uint32(), count <= 1024 else { throw .badFile("provenance section: damaged") }
        for _ in 0..<count {
            guard let key = reader.string(), let value = reader.string() else { throw .badFile("provenance section: truncated") }
            provenance.append((key, value))
        }
        guard reader.isAtEnd else { throw .badFile("provenance section: bytes follow the last entry") }
    }

    // MARK: - Blobs

    /// Elements of the data section, in place. Arrays stand there in the order of their records, so that one pass from begin to end reads
    /// all of them.
    private mutating func blob<Element: BitwiseCopyable>(
        _ type: Element.Type, _ reader: inout ByteReader, _ label: String, _ total: inout Int
    ) throws(SwiftletError) -> UnsafeBufferPointer<Element> {
        guard let offset = reader.uint32(), let count = reader.uint32() else { throw .badFile("\(label): truncated") }
        if count == 0 {
            guard offset == 0 else { throw .badFile("\(label): an empty array has the offset \(offset)") }
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        guard offset % FileLayout.alignment == 0, offset <= data.count, let base = data.baseAddress,
            let bytes = (WideCount(count) * MemoryLayout<Element>.stride).within(WideCount(data.count - offset))
        else { throw .badFile("\(label): lies outside the data section") }
        guard offset >= dataRead else {
            throw .badFile("\(label): begins at byte \(offset) of the data section, before the array before it ends")
        }
        dataRead = offset + bytes
        total += bytes  // arrays do not overlap, so that all of them are no more than the section
        return UnsafeBufferPointer(start: (base + offset).assumingMemoryBound(to: Element.self), count: count)
    }

    private mutating func values<Element: BitwiseCopyable>(
        _ type: Element.Type, _ reader: inout ByteReader, _ label: String
    ) throws(SwiftletError) -> [Element] {
        var size = 0
        return Array(try blob(type, &reader, label, &size))
    }
}
