/// When a thread began the first part of a stage that it computed, and ended the last: nanoseconds of `sp_nanoseconds`, zeros where it
/// computed none.
package struct StageTime {
    package var begin: UInt64 = 0
    package var end: UInt64 = 0

    package init() {}
}

extension Session {
    /// By stage, the number of the last operator that it computes.
    package var stageOperators: [Int] { executor.stageOperators }

    /// Notes times from now on.
    /// - Parameter times: [threads][stages], zeros before each run; they outlive the session. To be called before the first run, since
    ///   threads that come late to a run look at it.
    package func note(_ times: UnsafeMutableBufferPointer<StageTime>) {
        precondition(times.count == threads * stageOperators.count)
        executor.note(times.baseAddress)
    }
}
