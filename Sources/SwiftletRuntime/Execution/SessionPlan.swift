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
    /// All operators that do not, from the first group on.
    let groups: [GroupPlan]
    let memory: MemoryPlan
    let sizes: SessionSizes

    /// - Parameters:
    ///   - pictureOperators: nil: as many as are faster that way.
    ///   - partsOfThread: parts for each thread; nil: as many as the processors ask for.
    ///   - rule: of pictures one by one; a batch and a session that keeps tensors have no groups.
    init(
        _ model: Model, threads wanted: Int, batch: Int, keepsTensors: Bool, allowsOversubscription: Bool, pictureOperators: Int?,
        partsOfThread: Int?, rule: GroupRule
    ) throws(SwiftletError) {
        try SwiftletError.require(batch, in: 1...Ceilings.batch, "the number of pictures in a batch")
        threads = allowsOversubscription ? wanted : min(wanted, Int(sp_cpu_count()))
        try SwiftletError.require(threads, in: 1...Ceilings.threads, "the number of threads")
        let processors = ProcessorSpeeds.allowedProcessors()
        let ofThread = threads == 1 ? 1 : partsOfThread ?? (ProcessorSpeeds(of: processors).differ ? 4 : 1)
        (parts, self.batch) = (threads * ofThread, batch)
        self.pictureOperators = pictureOperators ?? (keepsTensors ? 0 : model.pictureOperators(batch: batch))
        let costs = GroupCosts(parts: parts, cacheBytes: ProcessorCaches.secondLevel(of: processors, threads: threads))
        let planner = GroupPlanner(model, costs, batch > 1 || keepsTensors ? .none : rule)
        groups = planner.plans(from: self.pictureOperators)
        memory = MemoryPlan(
            model, batch: batch, pictureOperators: self.pictureOperators, parts: threads, groups: groups, keepsTensors: keepsTensors)
        sizes = try SessionSizes(
            tensors: model.tensors, operators: model.operators, plan: memory, input: model.input, outputs: model.outputTensors,
            batch: batch, threads: threads, parts: parts, pictureOperators: self.pictureOperators, groups: groups,
            keepsTensors: keepsTensors)
    }
}
