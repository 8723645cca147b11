import CKernels
import CPlatform

/// Runs one model: an activation arena, working memory and a team of threads, all made at the start. Nothing is allocated while it runs.
///
/// A session is for one caller at a time; sessions of one model may run at once.
public final class Session {
    public let model: Model
    public let batch: Int
    /// Threads that really run: no more than there are processors, since results do not depend on it and more would only be slower.
    public let threads: Int
    /// That an operator is divided into: one a thread, or several where processors differ, so that faster ones do more.
    let parts: Int

    private let pool: OpaquePointer
    private let plan: MemoryPlan
    private let arena: UnsafeMutableRawPointer
    private let scratch: UnsafeMutableRawPointer
    private let logitValues: UnsafeMutablePointer<Float>
    private let stages: UnsafeMutableBufferPointer<Stage>
    private let shapes: UnsafeMutableBufferPointer<sk_shape>
    private let context: UnsafeMutablePointer<StageList>
    private let inputBytes: Int
    /// [256][channels]: what a pixel value becomes in the input tensor.
    private let pixelTable: UnsafeMutableRawPointer
    private var outputShape: sk_shape

    /// - Parameters:
    ///   - threads: 1 or more.
    ///   - batch: pictures in one run, 1 or more.
    ///   - keepsTensors: keeps every activation of a run for `tensor(_:)`.
    ///   - allowsOversubscription: really starts `threads` threads, even beyond the processors there are.
    public convenience init(
        _ model: Model, threads: Int = 1, batch: Int = 1, keepsTensors: Bool = false, allowsOversubscription: Bool = false
    ) throws(ModelError) {
        let pictureOperators = keepsTensors ? 0 : model.pictureOperators(batch: batch)
        let differ = threads > 1 && ProcessorSpeeds(of: ProcessorSpeeds.allowedProcessors()).differ
        try self.init(
            model, threads: threads, batch: batch, keepsTensors: keepsTensors, allowsOversubscription: allowsOversubscription,
            pictureOperators: pictureOperators, partsOfThread: differ ? 4 : 1)
    }

    /// - Parameters:
    ///   - pictureOperators: how many operators, from the first on, run picture by picture.
    ///   - partsOfThread: parts of an operator for each thread.
    init(
        _ model: Model, threads: Int, batch: Int, keepsTensors: Bool = false, allowsOversubscription: Bool, pictureOperators: Int,
        partsOfThread: Int = 1
    ) throws(ModelError) {
        self.model = model
        self.batch = max(1, batch)
        self.threads = max(1, allowsOversubscription ? threads : min(threads, Int(sp_cpu_count())))
        guard self.threads <= Ceilings.threads else { throw ModelError("\(threads) threads, at most \(Ceilings.threads) are allowed") }
        parts = self.threads == 1 ? 1 : self.threads * partsOfThread
        guard self.batch <= Ceilings.batch else { throw ModelError("a batch of \(batch), at most \(Ceilings.batch) are allowed") }
        plan = MemoryPlan(model, batch: self.batch, pictureOperators: pictureOperators, parts: self.threads, keepsTensors: keepsTensors)
        let sizes = try SessionSizes(
            tensors: model.tensors, operators: model.operators, plan: plan, input: model.input, output: model.output, batch: self.batch,
            threads: self.threads, parts: parts, pictureOperators: pictureOperators, keepsTensors: keepsTensors)
        inputBytes = model.inputTensor.byteCount.within(Ceilings.arenaBytes)!  // as the sizes are

        let count = model.operators.count
        shapes = .allocate(capacity: count)
        for (index, operation) in model.operators.enumerated() {
            var shape = operation.shape
            shape.batch = Int32(index < pictureOperators ? 1 : self.batch)
            shapes.initializeElement(at: index, to: shape)
        }
        guard let arena = sp_allocate(sizes.arena), let scratch = sp_allocate(sizes.scratch), let logits = sp_allocate(sizes.logits),
            let pixelTable = sp_allocate(sizes.pixelTable)
        else { throw ModelError("no memory for the activations (\(sizes.arena) bytes)") }
        self.arena = arena
        self.scratch = scratch
        self.pixelTable = pixelTable
        logitValues = logits.bindMemory(to: Float.self, capacity: self.batch * model.classes)

        stages = Session.stages(
            model, plan, batch: self.batch, threads: self.threads, pictureOperators: pictureOperators,
            shapes: UnsafePointer(shapes.baseAddress!),
            arena: arena, scratch: scratch, ownScratch: sizes.ownScratch)
        guard let pool = sp_pool_create(Int32(self.threads), Int32(parts), Int32(stages.count)) else {
            throw ModelError("cannot start \(self.threads) threads")
        }
        self.pool = pool
        context = .allocate(capacity: 1)
        context.initialize(
            to: StageList(stages: UnsafePointer(stages.baseAddress!), count: stages.count, parts: Int32(parts), pool: pool, times: nil))
        outputShape = model.dequantizeOutput?.shape ?? sk_shape()
        outputShape.batch = Int32(self.batch)
        fillPixelTable()
    }

    deinit {
        sp_pool_destroy(pool)
        for stage in stages { stage.free() }
        stages.deallocate()
        shapes.deallocate()
        context.deallocate()
        sp_free(arena)
        sp_free(scratch)
        sp_free(logitValues)
        sp_free(pixelTable)
    }

    /// The first operators picture by picture: as many pictures at once as there are threads, pictures left over shared by all; then the
    /// others on the whole batch.
    private static func stages(
        _ model: Model, _ plan: MemoryPlan, batch: Int, threads: Int, pictureOperators: Int, shapes: UnsafePointer<sk_shape>,
        arena: UnsafeMutableRawPointer, scratch: UnsafeMutableRawPointer, ownScratch: Int
    ) -> UnsafeMutableBufferPointer<Stage> {
        func step(_ index: Int, picture: Int = 0, part: Int = 0, scratch: UnsafeMutableRawPointer) -> Step {
            Step(model.operators[index], model: model, shape: shapes + index, scratch: scratch) {
                arena + plan.offset(of: $0, picture: picture, part: part)!
            }
        }
        var stages: [Stage] = []
        if pictureOperators > 0 {
            let left = batch % threads
            for first in stride(from: 0, to: batch - left, by: threads) {
                stages.append(
                    Stage(
                        pictures: (0..<threads).map { part in
                            (0..<pictureOperators).map { step($0, picture: first + part, part: part, scratch: scratch + part * ownScratch) }
                        }))
            }
            for picture in (batch - left)..<batch {
                for index in 0..<pictureOperators { stages.append(Stage(step(index, picture: picture, scratch: scratch), operator: index)) }
            }
        }
        for index in pictureOperators..<model.operators.count { stages.append(Stage(step(index, scratch: scratch), operator: index)) }
        let all = UnsafeMutableBufferPointer<Stage>.allocate(capacity: stages.count)
        _ = all.initialize(from: stages)
        return all
    }

    // MARK: - Input

    /// Sets picture `index` of the batch from preprocessed pixels, NHWC in the preprocessing's channel order. For models of pictures: three
    /// channels.
    public func setInput(pixels: UnsafeBufferPointer<UInt8>, at index: Int = 0) {
        let channels = model.inputTensor.channels
        precondition(channels == 3 && isInput(pixels.count) && index >= 0 && index < batch)
        let target = arena + plan.offset(of: model.input, picture: index)!
        if model.inputTensor.type == .int8 {
            PixelTable.apply(
                pixelTable.assumingMemoryBound(to: UInt8.self), pixels, channels, to: target.assumingMemoryBound(to: UInt8.self))
        } else {
            PixelTable.apply(
                pixelTable.assumingMemoryBound(to: Float.self), pixels, channels, to: target.assumingMemoryBound(to: Float.self))
        }
    }

    /// Sets picture `index` of the batch from normalized values, NHWC.
    public func setInput(values: UnsafeBufferPointer<Float>, at index: Int = 0) {
        precondition(isInput(values.count) && index >= 0 && index < batch)
        let target = arena + plan.offset(of: model.input, picture: index)!
        if let conversion = model.quantizeInput {
            var shape = conversion.shape
            Session.convert(conversion, &shape, from: values.baseAddress!, to: target)
        } else {
            target.copyMemory(from: values.baseAddress!, byteCount: inputBytes)
        }
    }

    /// Whether a picture has so many values.
    private func isInput(_ count: Int) -> Bool {
        model.inputTensor.valueCount == WideCount(count)
    }

    private func fillPixelTable() {
        let channels = model.inputTensor.channels
        guard channels == 3 else { return }
        let count = 256 * channels
        var values = [Float](repeating: 0, count: count + Int(SK_SLACK))
        for pixel in 0..<256 {
            for channel in 0..<channels {
                values[pixel * channels + channel] = model.preprocessing.normalized(pixel: UInt8(pixel), channel: channel)
            }
        }
        values.withUnsafeBufferPointer { values in
            if let conversion = model.quantizeInput {
                var shape = conversion.shape
                (shape.in_h, shape.in_w, shape.out_h, shape.out_w) = (1, 256, 1, 256)
                Session.convert(conversion, &shape, from: values.baseAddress!, to: pixelTable)
            } else {
                pixelTable.copyMemory(from: values.baseAddress!, byteCount: count * MemoryLayout<Float>.size)
            }
        }
    }

    // MARK: - Running

    /// Computes the logits of the whole batch.
    public func run() {
        sp_pool_run(pool, { StageList.run($0!, $1, $2, $3) }, context)
        finish()
    }

    /// Runs and adds each operator's nanoseconds to `times`, one entry an operator of the model.
    public func run(addingTimesTo times: UnsafeMutableBufferPointer<UInt64>) {
        precondition(times.count == model.operators.count)
        context.pointee.times = times.baseAddress
        sp_pool_run(pool, { StageList.run($0!, $1, $2, $3) }, context)
        context.pointee.times = nil
        finish()
    }

    private func finish() {
        let source = arena + plan.offset(of: model.output)!
        if let conversion = model.dequantizeOutput {
            Session.convert(conversion, &outputShape, from: source, to: logitValues)
        } else {
            logitValues.update(from: source.assumingMemoryBound(to: Float.self), count: batch * model.classes)
        }
    }

    private static func convert(_ conversion: PackedKernel, _ shape: inout sk_shape, from: UnsafeRawPointer, to: UnsafeMutableRawPointer) {
        withUnsafePointer(to: &shape) { shape in
            var call = sk_call(shape: shape, packed: conversion.packed, in: from, in2: nil, out: to, scratch: nil)
            conversion.kernel.pointee.run(&call, 0, 1)
        }
    }

    // MARK: - Results

    /// The logits of picture `index` of the last run, valid until the next.
    public func logits(at index: Int = 0) -> UnsafeBufferPointer<Float> {
        precondition(index >= 0 && index < batch)
        return UnsafeBufferPointer(start: logitValues + index * model.classes, count: model.classes)
    }

    /// A tensor's values for the first picture, NHWC as float, after a run; needs `keepsTensors`.
    public func tensor(_ number: Int) throws(ModelError) -> [Float] {
        let description = model.tensors[number]
        let count = description.valueCount.within(Ceilings.values)!  // as the reader has checked
        var values = [Float](repeating: 0, count: count)
        guard let offset = plan.offset(of: number) else { return values }
        let source = arena + offset
        if description.type == .float32 {
            for index in 0..<count { values[index] = source.load(fromByteOffset: index * MemoryLayout<Float>.size, as: Float.self) }
        } else {
            let conversion = try KernelPacker(tensors: [], isa: model.isa).packDequantize(description)
            var shape = conversion.shape
            values.withUnsafeMutableBufferPointer { Session.convert(conversion, &shape, from: source, to: $0.baseAddress!) }
            conversion.free()
        }
        return values
    }
}
