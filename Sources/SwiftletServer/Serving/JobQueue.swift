import Foundation

/// What waits for one model's threads: first come, first served, and no more of it than `capacity`.
final class JobQueue: @unchecked Sendable {  // all state is under `condition`
    /// One request's work.
    struct Job: Sendable {
        /// When waiting has been in vain: nobody is there for the answer any more.
        let deadline: ContinuousClock.Instant
        /// Does the work with the thread's session and hands over its result.
        let run: @Sendable (PictureSession) -> Void
        /// Hands over why the work was not done.
        let refuse: @Sendable (RequestError) -> Void
    }

    /// Most jobs that wait.
    let capacity: Int
    private let condition = NSCondition()
    private var jobs: [Job] = []
    private var isClosed = false

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Jobs that wait.
    var count: Int {
        condition.lock()
        defer { condition.unlock() }
        return jobs.count
    }

    /// - Throws: `RequestError.busy` where the queue is full.
    func submit(_ job: Job) throws(RequestError) {
        condition.lock()
        defer { condition.unlock() }
        guard jobs.count < capacity else { throw .busy }
        jobs.append(job)
        condition.signal()
    }

    /// The next job, for which the calling thread waits; nil once the queue is closed and empty.
    func next() -> Job? {
        condition.lock()
        defer { condition.unlock() }
        while jobs.isEmpty {
            if isClosed { return nil }
            condition.wait()
        }
        return jobs.removeFirst()
    }

    /// Ends the threads once they have done what waits.
    func close() {
        condition.lock()
        defer { condition.unlock() }
        isClosed = true
        condition.broadcast()
    }
}
