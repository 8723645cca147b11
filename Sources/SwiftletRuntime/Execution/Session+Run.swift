internal import CKernels

extension Session {
    /// Computes the logits of a whole batch of pixels. Allocates nothing.
    /// - Parameters:
    ///   - pixels: as `Preprocessing.apply` gives them, [batch][height][width][3] in the preprocessing's channel order.
    ///   - logits: [batch][classes], where the results go.
    /// - Throws: where a size does not fit, before anything is computed.
    public func run(pixels: Span<UInt8>, into logits: inout MutableSpan<Float>) throws(SwiftletError) {
        try check(count: pixels.count, results: logits.count)
        let size = model.inputShape.count
        try pixels.withUnsafeBufferPointer { all throws(SwiftletError) in
            for picture in 0..<batch {
                try setInput(pixels: UnsafeBufferPointer(rebasing: all[(picture * size)..<((picture + 1) * size)]), at: picture)
            }
        }
        run()
        copyLogits(to: &logits)
    }

    /// Computes the logits of a whole batch of normalized values. Allocates nothing.
    /// - Parameters:
    ///   - values: as the model's source takes them, but [batch][height][width][channels].
    ///   - logits: [batch][classes], where the results go.
    /// - Throws: where a size does not fit, before anything is computed.
    public func run(values: Span<Float>, into logits: inout MutableSpan<Float>) throws(SwiftletError) {
        try check(count: values.count, results: logits.count)
        let size = model.inputShape.count
        try values.withUnsafeBufferPointer { all throws(SwiftletError) in
            for picture in 0..<batch {
                try setInput(values: UnsafeBufferPointer(rebasing: all[(picture * size)..<((picture + 1) * size)]), at: picture)
            }
        }
        run()
        copyLogits(to: &logits)
    }

    /// Computes the logits of pictures of any size, which are resized and cropped as the model says.
    /// - Parameter images: 1 to `batch`; the run takes as long whatever their number.
    /// - Returns: by picture, the logits of all classes.
    public func run(_ images: [Image]) throws(SwiftletError) -> [[Float]] {
        try SwiftletError.require(images.count, in: 1...batch, "the number of pictures")
        for (index, image) in images.enumerated() { try setInput(image, at: index) }
        run()
        return images.indices.map { Array(logits(at: $0)) }
    }

    private func check(count: Int, results: Int) throws(SwiftletError) {
        let (values, logits) = (model.inputShape.count * batch, model.classCount * batch)
        try SwiftletError.require(count, in: values...values, "the number of the batch's values")
        try SwiftletError.require(results, in: logits...logits, "the number of logits there is room for")
    }

    private func copyLogits(to target: inout MutableSpan<Float>) {
        for index in 0..<target.count { target[index] = logitValues[index] }
    }
}

extension Session {
    /// Computes the logits of the pictures that are set.
    package func run() {
        executor.run()
        finish()
    }

    /// Runs and adds each operator's nanoseconds to `times`, one entry an operator of the model.
    package func run(addingTimesTo times: UnsafeMutableBufferPointer<UInt64>) {
        precondition(times.count == model.operators.count)
        executor.run(addingTimesTo: times.baseAddress)
        finish()
    }

    private func finish() {
        let source = arena + plan.offset(of: model.output)!
        if let conversion = model.dequantizeOutput {
            var shape = outputShape
            conversion.convert(&shape, from: source, to: logitValues)
        } else {
            logitValues.update(from: source.assumingMemoryBound(to: Float.self), count: batch * model.classCount)
        }
    }

    /// The logits of picture `index` of the last run, valid until the next.
    package func logits(at index: Int = 0) -> UnsafeBufferPointer<Float> {
        precondition(index >= 0 && index < batch)
        return UnsafeBufferPointer(start: logitValues + index * model.classCount, count: model.classCount)
    }

    /// A tensor's values for the first picture, NHWC as float, after a run; needs `keepsTensors`.
    package func tensor(_ number: Int) throws(SwiftletError) -> [Float] {
        let description = model.tensors[number]
        let count = description.valueCount.within(Ceilings.values)!  // as the reader has checked
        var values = [Float](repeating: 0, count: count)
        guard let offset = plan.offset(of: number) else { return values }
        let source = arena + offset
        if description.type == .float32 {
            for index in 0..<count { values[index] = source.load(fromByteOffset: index * MemoryLayout<Float>.size, as: Float.self) }
        } else {
            var memory = OwnedMemory()
            let packer = KernelPacker(tensors: [], isa: model.instructionSet.isa)
            let conversion = try packer.packDequantize(description, in: &memory)
            var shape = conversion.shape
            values.withUnsafeMutableBufferPointer { conversion.convert(&shape, from: source, to: $0.baseAddress!) }
        }
        return values
    }
}
