internal import CKernels

extension ModelBuilder {
    /// What a file holds, its arrays copied: `finish` gives the same bytes again, but for a signature.
    /// - Parameter allowsLarge: as of `Model`.
    /// - Throws: as `Model` does where a section is wrong. Nothing is packed, so that a model too large for this machine's memory is read.
    package init(reading bytes: [UInt8], allowsLarge: Bool = false) throws(SwiftletError) {
        let file = try ModelBytes(copying: bytes)
        let reader = try ModelReader(file.bytes, allowsLarge: allowsLarge)
        self.init(name: reader.name)
        for tensor in reader.tensors { _ = add(tensor) }
        for operation in reader.operators { add(OperatorDescription(copying: operation)) }
        (input, inputOffsets) = (reader.input, reader.inputOffsets)
        outputs = reader.outputs.map { OutputDescription(name: $0.name, tensor: $0.tensor, head: $0.head) }
        (preprocessing, labels, provenance) = (reader.preprocessing, reader.labels, reader.provenance)
        probe = reader.probe
        withExtendedLifetime(file) {}
    }
}

extension OperatorDescription {
    /// - Parameter operation: whose arrays are still there.
    fileprivate init(copying operation: ModelOperator) {
        self.init(kind: operation.kind, name: operation.name, inputs: operation.inputs, output: operation.output)
        let (shape, arrays) = (operation.shape, operation.arrays)
        (window.kernelHeight, window.kernelWidth) = (shape.kernel_h, shape.kernel_w)
        (window.strideHeight, window.strideWidth) = (shape.stride_h, shape.stride_w)
        (window.dilationHeight, window.dilationWidth) = (shape.dilation_h, shape.dilation_w)
        (window.padTop, window.padLeft) = (shape.pad_top, shape.pad_left)
        (window.padBottom, window.padRight) = (shape.pad_bottom, shape.pad_right)
        groups = Int(shape.groups)
        activation = operation.activation
        (activationA, activationB) = (shape.act_a, shape.act_b)
        (isMaxPool, poolCountsPadding) = (shape.pool_max != 0, shape.pool_count_pad != 0)
        (weights, bias) = (Array(arrays.weights), Array(arrays.bias))
        (multiplier, secondMultiplier) = (Array(arrays.multiplier), Array(arrays.secondMultiplier))
        (offsets, table) = (Array(arrays.offsets), Array(arrays.table))
        (floatWeights, floatBias) = (Array(arrays.floatWeights), Array(arrays.floatBias))
    }
}
