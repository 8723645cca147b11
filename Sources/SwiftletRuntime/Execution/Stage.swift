internal import CPlatform

/// What all threads do between two waits for one another: an operator, each thread a part of it; or steps of each part's own: a group of
/// operators on some rows, or the first operators of as many pictures as there are threads, those of one picture a part.
///
/// Early in a network maps are large: several pictures' would push each other out of the caches, and a thread with a picture of its own
/// needs to wait for nobody. Late, weights are larger than maps, and a batch reads them once.
struct Stage {
    /// One step that all parts share, or those of one part after the other.
    private let steps: UnsafeBufferPointer<Step>
    /// By part, where its own steps begin, and where the last one's end; empty: all share a step.
    private let begins: UnsafeBufferPointer<Int>
    let lastOperator: Int

    /// An operator that all threads share.
    init(_ step: UnsafePointer<Step>) {
        steps = UnsafeBufferPointer(start: step, count: 1)
        begins = UnsafeBufferPointer(start: nil, count: 0)
        lastOperator = step.pointee.index
    }

    /// - Parameters:
    ///   - steps: those of one part after the other.
    ///   - begins: where each part's begin, and where the last one's end; parts beyond have none.
    ///   - lastOperator: of them all.
    init(_ steps: UnsafeBufferPointer<Step>, of begins: UnsafeBufferPointer<Int>, lastOperator: Int) {
        (self.steps, self.begins, self.lastOperator) = (steps, begins, lastOperator)
    }

    @inline(__always)
    func run(_ part: Int32, _ parts: Int32) {
        guard !begins.isEmpty else { return steps[0].run(part, parts) }
        for index in own(part) { steps[index].run(0, 1) }
    }

    private func own(_ part: Int32) -> Range<Int> {
        Int(part) + 1 < begins.count ? begins[Int(part)]..<begins[Int(part) + 1] : 0..<0
    }

    /// As `run`, and adds the nanoseconds of each operator to `times`, but not those of what the part does last. Returns when that began.
    func run(_ part: Int32, _ parts: Int32, timing times: UnsafeMutablePointer<UInt64>, since start: UInt64) -> UInt64 {
        guard !begins.isEmpty else {
            steps[0].run(part, parts)
            return start
        }
        var began = start
        let own = own(part)
        for index in own {
            steps[index].run(0, 1)
            guard index + 1 < own.upperBound else { break }
            let now = sp_nanoseconds()
            times[steps[index].index] += now - began
            began = now
        }
        return began
    }
}

/// What every thread of a session walks through together.
struct StageList {
    let stages: UnsafePointer<Stage>
    let count: Int
    let parts: Int32
    let pool: OpaquePointer
    /// Nanoseconds of each operator, where wanted: those of thread 0, until it need not wait any more.
    var times: UnsafeMutablePointer<UInt64>?
    /// [threads][stages], where wanted. Never changed once a run has begun: a thread that comes late may look at it.
    var stageTimes: UnsafeMutablePointer<StageTime>?

    /// The executor, on every thread: this thread's part of each stage, and any part that a waiting thread must take over.
    static func run(_ context: UnsafeMutableRawPointer, _ thread: Int32, _ threads: Int32, _ run: UInt32) {
        let list = context.assumingMemoryBound(to: StageList.self)
        // Thread 0 alone may look at `times`: another may come late, while the caller changes it for the next run.
        if thread == 0, let times = list.pointee.times { return list.pointee.run(run, timing: times) }
        let (stages, parts) = (list.pointee.stages, list.pointee.parts)
        let own = list.pointee.stageTimes.map { $0 + Int(thread) * list.pointee.count }
        for index in 0..<list.pointee.count {
            PoolStep(pool: list.pointee.pool, run: run, step: index, thread: thread).compute { part in
                guard let own else { return stages[index].run(part, parts) }
                if own[index].begin == 0 { own[index].begin = sp_nanoseconds() }
                stages[index].run(part, parts)
                own[index].end = sp_nanoseconds()
            }
        }
    }

    private func run(_ run: UInt32, timing times: UnsafeMutablePointer<UInt64>) {
        var began = sp_nanoseconds()
        for index in 0..<count {
            PoolStep(pool: pool, run: run, step: index, thread: 0).compute {
                began = stages[index].run($0, parts, timing: times, since: began)
            }
            let now = sp_nanoseconds()
            times[stages[index].lastOperator] += now - began
            began = now
        }
    }
}
