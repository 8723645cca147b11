internal import CKernels
internal import CPlatform

/// Runs one model: an activation arena, working memory and a team of threads, all made at the start. Nothing is allocated while it runs.
///
/// A session is for one caller at a time; sessions of one model may run at once.
public final class Session {
    /// The model that runs; other sessions may share it.
    public let model: Model
    /// Pictures in one run.
    public let batch: Int
    /// Threads that really run: no more than there are processors, since results do not depend on it and more would only be slower.
    public let threads: Int
    /// That an operator is divided into: one a thread, or several where processors differ, so that faster ones do more.
    let parts: Int

    let plan: MemoryPlan
    let executor: Executor
    /// Bytes of activations, working memory, outputs and tables: of all that it has but the model.
    package let memoryBytes: Int
    /// These lie in the executor's memory.
    let arena: UnsafeMutableRawPointer
    /// By output of the model, its values of the last run in single precision: [batch][height][width][channels].
    let results: [UnsafeMutableRawPointer]
    /// [256][channels]: what a pixel value becomes in the input tensor.
    let pixelTable: UnsafeMutableRawPointer
    /// Where values of planes are interleaved, some positions at a time.
    let block: UnsafeMutablePointer<Float>

    /// - Parameters:
    ///   - model: which any number of sessions may share.
    ///   - threads: that work on one run, 1 or more.
    ///   - batch: pictures in one run, 1 or more.
    /// - Throws: where memory or threads cannot be had, or a number is out of bounds.
    public convenience init(_ model: Model, threads: Int = 1, batch: Int = 1) throws(SwiftletError) {
        try self.init(model, threads: threads, batch: batch, keepsTensors: false)
    }

    /// - Parameters:
    ///   - keepsTensors: keeps every activation of a run for `tensor(_:)`.
    ///   - allowsOversubscription: really starts `threads` threads, even beyond the processors there are.
    package convenience init(
        _ model: Model, threads: Int = 1, batch: Int = 1, keepsTensors: Bool = false, allowsOversubscription: Bool = false
    ) throws(SwiftletError) {
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
        _ model: Model, threads wanted: Int, batch: Int, keepsTensors: Bool = false, allowsOversubscription: Bool, pictureOperators: Int,
        partsOfThread: Int = 1
    ) throws(SwiftletError) {
        try SwiftletError.require(batch, in: 1...Ceilings.batch, "the number of pictures in a batch")
        let threads = allowsOversubscription ? wanted : min(wanted, Int(sp_cpu_count()))
        try SwiftletError.require(threads, in: 1...Ceilings.threads, "the number of threads")
        let parts = threads == 1 ? 1 : threads * partsOfThread
        let plan = MemoryPlan(model, batch: batch, pictureOperators: pictureOperators, parts: threads, keepsTensors: keepsTensors)
        let sizes = try SessionSizes(
            tensors: model.tensors, operators: model.operators, plan: plan, input: model.input, outputs: model.outputTensors,
            batch: batch, threads: threads, parts: parts, pictureOperators: pictureOperators, keepsTensors: keepsTensors)

        var memory = OwnedMemory()
        let arena = try memory.allocate(sizes.arena, for: "the activations")
        let scratch = try memory.allocate(sizes.scratch, for: "the kernels to work in")
        var results: [UnsafeMutableRawPointer] = []
        for bytes in sizes.outputs { results.append(try memory.allocate(bytes, for: "the outputs")) }
        self.results = results
        pixelTable = try memory.allocate(sizes.pixelTable, for: "a table of pixel values")
        let blockValues = Session.blockPositions(model) * model.inputShape.channels
        block = try memory.allocate(blockValues * MemoryLayout<Float>.size + Int(SK_SLACK), for: "values to be interleaved")
            .bindMemory(to: Float.self, capacity: blockValues)
        var builder = try StageBuilder(model, plan, batch: batch, pictureOperators: pictureOperators, arena: arena, in: &memory)
        let stages = builder.build(threads: threads, scratch: scratch, ownScratch: sizes.ownScratch)
        memoryBytes = memory.byteCount
        executor = try Executor(stages, threads: threads, parts: parts, memory: memory)

        (self.model, self.batch, self.threads, self.parts, self.plan, self.arena) = (model, batch, threads, parts, plan, arena)
        fillPixelTable()
    }
}
