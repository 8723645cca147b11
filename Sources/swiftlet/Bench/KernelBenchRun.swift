import CKernels
import CPlatform

/// A kernel on a case, timed on one thread.
final class KernelBenchRun {
    /// Where a whole run may be far too long, the last of so many parts is run for an estimate.
    static let probeParts: Int32 = 16
    private static let longest = 20e6
    private static let repetition = 20_000.0

    let kernel: UnsafePointer<sk_kernel>
    /// Of the shortest repetition; infinite before any.
    private(set) var nanoseconds = Double.infinity
    /// Estimated nanoseconds of a kernel that was not run since it would take too long, else nil.
    private(set) var skipped: Double?

    private var call: sk_call
    /// Keeps the call's memory.
    private let problem: KernelBenchCase
    /// A first, cold run.
    private var estimate = 0.0

    init(_ kernel: UnsafePointer<sk_kernel>, _ call: sk_call, of problem: KernelBenchCase) {
        self.kernel = kernel
        self.call = call
        self.problem = problem
    }

    /// Times all in turn, a repetition each, so that a disturbance meets them alike. Each gets `budget` nanoseconds of runs, but two
    /// repetitions at least; slow kernels are so repeated less.
    static func time(_ runs: [KernelBenchRun], budget: Double) {
        for run in runs { run.warmUp() }
        var round = 0
        var isDone = false
        while !isDone {
            isDone = true
            for run in runs where run.skipped == nil && round < run.repetitions(budget) {
                run.repeatOnce()
                isDone = false
            }
            round += 1
        }
    }

    /// Calls in a repetition: some 20 microseconds' worth, for the clock's sake.
    private var calls: Int { max(1, Int(KernelBenchRun.repetition / estimate)) }

    private func repetitions(_ budget: Double) -> Int {
        max(2, Int(budget / (estimate * Double(calls))))
    }

    private func warmUp() {
        nanoseconds = .infinity
        if problem.problem.multiplyAccumulates > 1 << 22, kernel.pointee.isa == SK_SCALAR {
            let parts = KernelBenchRun.probeParts
            let whole = measure(1, part: parts - 1, of: parts) * Double(parts)
            guard whole <= KernelBenchRun.longest else {
                skipped = whole
                return
            }
        }
        let cold = measure(1, part: 0, of: 1)
        estimate = max(1, cold < KernelBenchRun.repetition ? measure(1, part: 0, of: 1) : cold)
    }

    private func repeatOnce() {
        nanoseconds = min(nanoseconds, measure(calls, part: 0, of: 1))
    }

    /// Nanoseconds a call.
    private func measure(_ calls: Int, part: Int32, of parts: Int32) -> Double {
        let started = sp_nanoseconds()
        for _ in 0..<calls { kernel.pointee.run(&call, part, parts) }
        return Double(sp_nanoseconds() - started) / Double(calls)
    }
}
