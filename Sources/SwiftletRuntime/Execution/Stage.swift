internal import CPlatform

/// What all threads do between two waits for one another: an operator, each thread a part of it, or the first operators of as many pictures
/// as there are threads, each thread those of one picture.
///
/// Early in a network maps are large: several pictures' would push each other out of the caches, and a thread with a picture of its own
/// needs to wait for nobody. Late, weights are larger than maps, and a batch reads them once.
struct Stage {
    /// One step, or `count` for each picture.
    private let steps: UnsafeBufferPointer<Step>
    private let count: Int
    private let isOfPictures: Bool
    let lastOperator: Int

    /// An operator that all threads share.
    init(_ step: UnsafePointer<Step>, operator index: Int) {
        steps = UnsafeBufferPointer(start: step, count: 1)
        (count, isOfPictures, lastOperator) = (1, false, index)
    }

    /// The operators from the first on, of one picture a part; parts beyond have none.
    /// - Parameters:
    ///   - steps: of one picture after the other.
    ///   - operators: how many steps a picture has.
    init(pictures steps: UnsafeBufferPointer<Step>, operators: Int) {
        self.steps = steps
        (count, isOfPictures, lastOperator) = (operators, true, operators - 1)
    }

    @inline(__always)
    func run(_ part: Int32, _ parts: Int32) {
        guard isOfPictures else { return steps[0].run(part, parts) }
        guard hasPicture(part) else { return }
        for index in (Int(part) * count)..<(Int(part + 1) * count) { steps[index].run(0, 1) }
    }

    /// There may be more parts than pictures.
    private func hasPicture(_ part: Int32) -> Bool { Int(part) * count < steps.count }

    /// As `run`, and adds the nanoseconds of each operator but the last to `times`. Returns when the last began.
    func run(_ part: Int32, _ parts: Int32, timing times: UnsafeMutablePointer<UInt64>, since start: UInt64) -> UInt64 {
        guard isOfPictures else {
            steps[0].run(part, parts)
            return start
        }
        guard hasPicture(part) else { return start }
        var began = start
        for index in 0..<count {
            steps[Int(part) * count + index].run(0, 1)
            guard index < lastOperator else { break }
            let now = sp_nanoseconds()
            times[index] += now - began
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
