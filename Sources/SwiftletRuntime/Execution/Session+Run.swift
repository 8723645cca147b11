internal import CKernels

extension Session {
    /// Computes all outputs of a whole batch of pixels; `copyOutput` gives them. Allocates nothing.
    /// - Parameter pixels: as `Preprocessing.apply` gives them, [batch][height][width][channels] in the preprocessing's channel order.
    /// - Throws: where the size does not fit, before anything is computed.
    public func run(pixels: Span<UInt8>) throws(SwiftletError) {
        let size = try pictureSize(ofBatch: pixels.count)
        try pixels.withUnsafeBufferPointer { all throws(SwiftletError) in
            for picture in 0..<batch {
                try setInput(pixels: UnsafeBufferPointer(rebasing: all[(picture * size)..<((picture + 1) * size)]), at: picture)
            }
        }
        run()
    }

    /// Computes all outputs of a whole batch of normalized values; `copyOutput` gives them. Allocates nothing.
    /// - Parameter values: as the model's source takes them, but [batch][height][width][channels].
    /// - Throws: where the size does not fit, before anything is computed.
    public func run(values: Span<Float>) throws(SwiftletError) {
        let size = try pictureSize(ofBatch: values.count)
        try values.withUnsafeBufferPointer { all throws(SwiftletError) in
            for picture in 0..<batch {
                try setInput(values: UnsafeBufferPointer(rebasing: all[(picture * size)..<((picture + 1) * size)]), at: picture)
            }
        }
        run()
    }

    /// Computes the logits of a whole batch of pixels. Allocates nothing.
    /// - Parameters:
    ///   - pixels: as of `run(pixels:)`.
    ///   - logits: [batch][classes], where the values of the model's `classifyingOutput` go.
    /// - Throws: where a size does not fit, before anything is computed.
    public func run(pixels: Span<UInt8>, into logits: inout MutableSpan<Float>) throws(SwiftletError) {
        try checkRoom(logits.count, for: model.classifyingOutput)
        try run(pixels: pixels)
        try copyOutput(model.classifyingOutput, into: &logits)
    }

    /// Computes the logits of a whole batch of normalized values. Allocates nothing.
    /// - Parameters:
    ///   - values: as of `run(values:)`.
    ///   - logits: [batch][classes], where the values of the model's `classifyingOutput` go.
    /// - Throws: where a size does not fit, before anything is computed.
    public func run(values: Span<Float>, into logits: inout MutableSpan<Float>) throws(SwiftletError) {
        try checkRoom(logits.count, for: model.classifyingOutput)
        try run(values: values)
        try copyOutput(model.classifyingOutput, into: &logits)
    }

    /// An output of the last run. Allocates nothing.
    /// - Parameters:
    ///   - index: the output's number in the model's `outputs`.
    ///   - values: [batch][height][width][channels], where they go.
    /// - Throws: where there is no such output, or the room is not of its size.
    public func copyOutput(_ index: Int, into values: inout MutableSpan<Float>) throws(SwiftletError) {
        try SwiftletError.require(index, in: 0...(results.count - 1), "the output's number")
        try checkRoom(values.count, for: index)
        let source = results[index].assumingMemoryBound(to: Float.self)
        for place in 0..<values.count { values[place] = source[place] }
    }

    /// An output of the last run by its name, as `copyOutput(_:into:)` gives it.
    public func copyOutput(named name: String, into values: inout MutableSpan<Float>) throws(SwiftletError) {
        try copyOutput(try model.requireOutput(named: name), into: &values)
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

    /// Values of one picture.
    private func pictureSize(ofBatch count: Int) throws(SwiftletError) -> Int {
        let size = model.inputShape.count
        try SwiftletError.require(count, in: (size * batch)...(size * batch), "the number of the batch's values")
        return size
    }

    private func checkRoom(_ count: Int, for output: Int) throws(SwiftletError) {
        let needed = model.outputs[output].count * batch
        try SwiftletError.require(count, in: needed...needed, "the number of values there is room for")
    }
}

extension Session {
    /// Computes the outputs of the pictures that are set.
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

    /// How often in a run all threads wait for one another.
    package var handOvers: Int { executor.handOvers }

    /// The number of the stage, between two of these waits, that runs an operator.
    package func stage(of index: Int) -> Int { executor.stage(of: index) }

    /// Nanoseconds that each thread has waited in all runs with times.
    package var waited: [UInt64] { executor.waited }

    private func finish() {
        for index in 0..<results.count { fetch(model.outputs[index], into: results[index]) }
    }

    /// Brings an output's values out of the arena.
    private func fetch(_ output: ModelOutput, into values: UnsafeMutableRawPointer) {
        let source = arena + plan.offset(of: output.tensor)!
        if let conversion = output.conversion {
            var shape = conversion.shape
            shape.batch = Int32(batch)
            conversion.convert(&shape, from: source, to: values)
        } else {
            values.copyMemory(from: source, byteCount: batch * output.count * MemoryLayout<Float>.size)
        }
    }

    /// The logits of picture `index` of the last run, valid until the next.
    package func logits(at index: Int = 0) -> UnsafeBufferPointer<Float> {
        values(of: model.classifyingOutput, at: index)
    }

    /// An output's values of picture `index` of the last run, [height][width][channels], valid until the next.
    package func values(of output: Int, at index: Int = 0) -> UnsafeBufferPointer<Float> {
        precondition(index >= 0 && index < batch)
        let count = model.outputs[output].count
        return UnsafeBufferPointer(start: results[output].assumingMemoryBound(to: Float.self) + index * count, count: count)
    }

    /// What each class of a picture of the last run is believed to be, by an output that is a vector.
    package func probabilities(of output: Int, at index: Int = 0) -> Probabilities {
        Probabilities(values(of: output, at: index), model.outputs[output].head)
    }

    /// The `count` most likely classes of the last run's first picture, by an output that is a vector, the best first.
    package func predictions(_ count: Int, of output: Int) -> [Prediction] {
        let probabilities = probabilities(of: output)
        return probabilities.top(count).map {
            Prediction(index: $0, label: model.label($0, of: output), probability: probabilities.values[$0])
        }
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
