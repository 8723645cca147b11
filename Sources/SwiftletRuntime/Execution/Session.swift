internal import CKernels

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
    ///   - pictureOperators, partsOfThread, rule: as of `SessionPlan`.
    package init(
        _ model: Model, threads: Int = 1, batch: Int = 1, keepsTensors: Bool = false, allowsOversubscription: Bool = false,
        pictureOperators: Int? = nil, partsOfThread: Int? = nil, rule: GroupRule = .cheapest
    ) throws(SwiftletError) {
        let plan = try SessionPlan(
            model, threads: threads, batch: batch, keepsTensors: keepsTensors, allowsOversubscription: allowsOversubscription,
            pictureOperators: pictureOperators, partsOfThread: partsOfThread, rule: rule)
        var memory = OwnedMemory()
        let arena = try memory.allocate(plan.sizes.arena, for: "the activations")
        var results: [UnsafeMutableRawPointer] = []
        for bytes in plan.sizes.outputs { results.append(try memory.allocate(bytes, for: "the outputs")) }
        self.results = results
        pixelTable = try memory.allocate(plan.sizes.pixelTable, for: "a table of pixel values")
        let blockValues = Session.blockPositions(model) * model.inputShape.channels
        block = try memory.allocate(blockValues * MemoryLayout<Float>.size + Int(SK_SLACK), for: "values to be interleaved")
            .bindMemory(to: Float.self, capacity: blockValues)
        var builder = try StageBuilder(model, plan, arena: arena, in: &memory)
        let stages = try builder.build(in: &memory)
        memoryBytes = memory.byteCount
        executor = try Executor(stages, threads: plan.threads, parts: plan.parts, memory: memory)

        (self.model, self.batch, self.threads, self.plan, self.arena) = (model, batch, plan.threads, plan.memory, arena)
        fillPixelTable()
    }
}
