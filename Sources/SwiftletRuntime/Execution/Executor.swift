internal import CPlatform

/// A session's memory, the stages in it, and the team of threads that walks through them.
struct Executor: ~Copyable {
    private let pool: OpaquePointer
    private let context: UnsafeMutablePointer<StageList>
    private let memory: OwnedMemory

    /// - Parameters:
    ///   - stages: in `memory`, which holds all that they read and write.
    ///   - parts: that a stage is divided into.
    init(_ stages: UnsafeBufferPointer<Stage>, threads: Int, parts: Int, memory: consuming OwnedMemory) throws(SwiftletError) {
        let context = try memory.allocate(MemoryLayout<StageList>.size, for: "the list of operators")
            .bindMemory(to: StageList.self, capacity: 1)
        guard let pool = sp_pool_create(Int32(threads), Int32(parts), Int32(stages.count)) else {
            throw SwiftletError(.system, "cannot start \(threads) threads")
        }
        context.initialize(
            to: StageList(stages: stages.baseAddress!, count: stages.count, parts: Int32(parts), pool: pool, times: nil, stageTimes: nil))
        self.pool = pool
        self.context = context
        self.memory = memory
    }

    /// The threads end first: one that comes late still looks at the list of stages.
    deinit {
        sp_pool_destroy(pool)
    }

    /// By stage, the last operator that it computes.
    var stageOperators: [Int] { (0..<context.pointee.count).map { context.pointee.stages[$0].lastOperator } }

    /// - Parameter times: [threads][stages], where every run notes what each thread computed when. Before the first run alone.
    func note(_ times: UnsafeMutablePointer<StageTime>?) {
        context.pointee.stageTimes = times
    }

    /// How often in a run all threads wait for one another.
    var handOvers: Int { sp_pool_threads(pool) > 1 ? context.pointee.count : 0 }

    /// The number of the stage that runs an operator, the first one where several do for other pictures.
    func stage(of index: Int) -> Int {
        var stage = 0
        while context.pointee.stages[stage].lastOperator < index { stage += 1 }
        return stage
    }

    /// Nanoseconds that each thread has waited in the runs that were timed.
    var waited: [UInt64] { (0..<sp_pool_threads(pool)).map { sp_pool_waited(pool, $0) } }

    /// Runs all stages.
    /// - Parameter times: where to add each operator's nanoseconds; nil: they are not measured.
    func run(addingTimesTo times: UnsafeMutablePointer<UInt64>? = nil) {
        context.pointee.times = times
        sp_pool_measure(pool, times != nil)
        sp_pool_run(pool, { StageList.run($0!, $1, $2, $3) }, context)
        context.pointee.times = nil
    }
}
