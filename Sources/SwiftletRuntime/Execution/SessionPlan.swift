internal import CKernels
internal import CPlatform

/// How a session divides its work and lays out its memory, before any of it is allocated.
struct SessionPlan {
    let batch: Int
    /// Threads that really run: no more than there are processors, since results do not depend on it and more would only be slower.
    let threads: Int
    /// That an operator or a group is divided into: one a thread, or several where processors differ, so that faster ones do more.
    let parts: Int
    /// How many operators, from the first on, run picture by picture.
    let pictureOperators: Int
    /// By group of operators; nil for one that all threads share.
    let layouts: [GroupLayout?]
    let memory: MemoryPlan
    let sizes: SessionSizes

    /// - Parameters:
    ///   - pictureOperators: nil: as many as are faster that way.
    ///   - partsOfThread: parts for each thread; nil: as many as the processors ask for.
    ///   - bandRows: groups wherever there may be some, with bands of so many rows; 0: none; nil: where they pay.
    init(
        _ model: Model, threads wanted: Int, batch: Int, keepsTensors: Bool, allowsOversubscription: Bool, pictureOperators: Int?,
        partsOfThread: Int?, bandRows: Int?
    ) throws(SwiftletError) {
        try SwiftletError.require(batch, in: 1...Ceilings.batch, "the number of pictures in a batch")
        threads = allowsOversubscription ? wanted : min(wanted, Int(sp_cpu_count()))
        try SwiftletError.require(threads, in: 1...Ceilings.threads, "the number of threads")
        let processors = ProcessorSpeeds.allowedProcessors()
        let ofThread = threads == 1 ? 1 : partsOfThread ?? (ProcessorSpeeds(of: processors).differ ? 4 : 1)
        (parts, self.batch) = (threads * ofThread, batch)
        self.pictureOperators = pictureOperators ?? (keepsTensors ? 0 : model.pictureOperators(batch: batch))
        // A batch reads weights once for all pictures, which bands would not.
        if batch > 1 || keepsTensors || bandRows == 0 {
            layouts = [GroupLayout?](repeating: nil, count: model.operators.count)
        } else {
            let costs = GroupCosts(parts: parts, cacheBytes: ProcessorCaches.secondLevel(of: processors, threads: threads))
            layouts = GroupPlanner(model, costs, forcedRows: bandRows).layouts()
        }
        let groups = layouts.compactMap { $0?.group }
        memory = MemoryPlan(
            model, batch: batch, pictureOperators: self.pictureOperators, parts: threads, groups: groups, keepsTensors: keepsTensors)
        sizes = try SessionSizes(
            tensors: model.tensors, operators: model.operators, plan: memory, input: model.input, outputs: model.outputTensors,
            batch: batch, threads: threads, parts: parts, pictureOperators: self.pictureOperators, layouts: layouts.compactMap { $0 },
            keepsTensors: keepsTensors)
    }
}
