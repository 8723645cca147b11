internal import CPlatform

/// One thread's view of a step of a run of a thread team; see CPlatform's pool.
package struct PoolStep {
    let pool: OpaquePointer
    let run: UInt32
    let step: Int32
    let thread: Int32

    package init(pool: OpaquePointer, run: UInt32, step: Int, thread: Int32) {
        self.pool = pool
        self.run = run
        self.step = Int32(truncatingIfNeeded: step)
        self.thread = thread
    }

    /// Computes this thread's part of the step, and any that it must take over while it waits; returns when all parts are done.
    @inline(__always)
    package func compute(_ part: (Int32) -> Void) {
        var next = sp_pool_claim(pool, run, step, thread)
        while next >= 0 {
            part(next)
            sp_pool_complete(pool, step)
            next = sp_pool_await(pool, run, step, thread)
        }
    }
}
