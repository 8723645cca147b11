/// Collects a lowered model and serializes it as the bytes of a `.slet` file.
///
/// It checks nothing: `Model.load` is the one place that does, and whoever writes a file loads it first.
package struct ModelBuilder {
    package var name: String
    package private(set) var tensors: [TensorDescription] = []
    package private(set) var operators: [OperatorDescription] = []
    /// Tensor number of the picture: int8 or float32, with the preprocessing's channels.
    package var input = 0
    /// int8 input only: q = rne(x / scale[c] + offset[c]); empty: the input tensor's zero points. A fractional offset, made good in the
    /// first layer's bias, lets q be exactly the pixel's value - 128.
    package var inputOffsets: [Float] = []
    /// Vectors and maps, int8 or float32; at least one. One vector needs no name: it has its tensor's.
    package var outputs = [OutputDescription(name: "", tensor: 0)]
    package var preprocessing = Preprocessing()
    /// One a class, or empty.
    package var labels: [String] = []
    /// Where the file came from, such as ("source.sha256", "…"), ("recipe", "bias-slope").
    package var provenance: [(key: String, value: String)] = []
    /// What a machine is tried with before it takes the file; nil: nothing.
    package var probe: Probe?

    package init(name: String) {
        self.name = name
    }

    /// Adds a tensor and returns its number.
    package mutating func add(_ tensor: TensorDescription) -> Int {
        tensors.append(tensor)
        return tensors.count - 1
    }

    /// Adds an operator; operators run in the order in which they are added.
    package mutating func add(_ operation: OperatorDescription) {
        operators.append(operation)
    }

    /// Tensor number of the first output.
    package var output: Int {
        get { outputs[0].tensor }
        set { outputs[0].tensor = newValue }
    }

    /// The file's bytes.
    package func finish() -> [UInt8] {
        let answer = outputs.first { tensors.indices.contains($0.tensor) && tensors[$0.tensor].isVector } ?? outputs[0]
        var data = ByteWriter()
        var model = ByteWriter()
        model.string(name)
        model.uint32(input)
        model.uint32(answer.tensor)
        model.uint8(answer.head == .softmax ? 1 : 0)
        data.blob(inputOffsets, record: &model)
        model.uint32(tensors.count)
        for tensor in tensors {
            model.string(tensor.name)
            model.uint8(Int(tensor.type.rawValue))
            model.uint32(tensor.height)
            model.uint32(tensor.width)
            model.uint32(tensor.channels)
            data.blob(tensor.scales, record: &model)
            data.blob(tensor.zeros, record: &model)
        }
        model.uint32(operators.count)
        for operation in operators {
            encode(operation, into: &model, data: &data)
        }

        var preparation = ByteWriter()
        preprocessing.encode(into: &preparation)
        var labelBytes = ByteWriter()
        labelBytes.uint32(labels.count)
        for label in labels { labelBytes.string(label) }
        var origin = ByteWriter()
        origin.uint32(provenance.count)
        for entry in provenance {
            origin.string(entry.key)
            origin.string(entry.value)
        }
        var probeBytes = ByteWriter()
        probe?.encode(into: &probeBytes)
        return FileLayout.assemble([
            model.bytes, data.bytes, preparation.bytes, labelBytes.bytes, origin.bytes, isSaidByModelSection ? [] : outputBytes,
            probeBytes.bytes,
        ])
    }

    /// Whether the outputs are one vector of logits or probabilities.
    private var isSaidByModelSection: Bool {
        guard outputs.count == 1, outputs[0].head == .none || outputs[0].head == .softmax else { return false }
        return !tensors.indices.contains(output) || tensors[output].isVector
    }

    private var outputBytes: [UInt8] {
        var writer = ByteWriter()
        writer.uint32(outputs.count)
        for output in outputs {
            writer.string(output.name)
            writer.uint32(output.tensor)
            writer.uint8(Int(output.head.rawValue))
        }
        return writer.bytes
    }

    private func encode(_ operation: OperatorDescription, into model: inout ByteWriter, data: inout ByteWriter) {
        model.string(operation.name)
        model.uint8(Int(operation.kind.rawValue))
        model.uint8(Int(operation.activation.rawValue))
        model.uint8((operation.isMaxPool ? 1 : 0) | (operation.poolCountsPadding ? 2 : 0))
        model.uint8(operation.inputs.count)
        for input in operation.inputs { model.uint32(input) }
        model.uint32(operation.output)
        let w = operation.window
        for value in [
            w.kernelHeight, w.kernelWidth, w.strideHeight, w.strideWidth, w.dilationHeight, w.dilationWidth,
            w.padTop, w.padLeft, w.padBottom, w.padRight,
        ] {
            model.uint32(Int(value))
        }
        model.uint32(operation.groups)
        model.float32(operation.activationA)
        model.float32(operation.activationB)
        data.blob(operation.weights, record: &model)
        data.blob(operation.bias, record: &model)
        data.blob(operation.multiplier, record: &model)
        data.blob(operation.offsets, record: &model)
        data.blob(operation.secondMultiplier, record: &model)
        data.blob(operation.table, record: &model)
        data.blob(operation.floatWeights, record: &model)
        data.blob(operation.floatBias, record: &model)
    }
}
