import CKernels
import CPlatform
import SwiftletRuntime

/// Times every kernel of this processor on every distinct shape of some networks, and asks whether the dispatcher picks the fastest.
struct KernelBench {
    /// How much slower than another the pick may be, since close times change places from run to run.
    private static let tolerance = 1.1
    /// Nanoseconds that decide nothing either: less than the executor needs from one operator to the next.
    private static let negligible = 50.0
    /// Nanoseconds a kernel and shape, at first and when a pick that looks slow is measured again.
    private static let budget = 0.7e6
    private static let confirmationBudget = 60e6

    private let isa: sk_isa
    private let kernels: UnsafeBufferPointer<sk_kernel>
    private let shapes: [KernelBenchShape]

    /// - Parameter isa: caps the dispatcher's choice. Kernels beyond it are timed, but not held against its pick.
    init(_ plan: BenchPlan, isa: sk_isa) throws(ToolError) {
        self.isa = isa
        kernels = CorePeaks.kernels
        var shapes: [KernelBenchShape] = []
        for source in plan.sources {
            for shape in KernelBenchShape.all(of: try source.model(isa: isa, allowsLarge: plan.allowsLarge))
            where !shapes.contains(where: { $0.isSame(as: shape) }) {
                shapes.append(shape)
            }
        }
        self.shapes = sortedOrder(shapes.count) { shapes[$0].kind.rawValue < shapes[$1].kind.rawValue }.map { shapes[$0] }
    }

    /// Prints all times, then the picks that are slower than another kernel.
    /// - Throws: when there are such picks.
    func run() throws(ToolError) {
        let peaks = CorePeaks()
        var report = KernelBenchReport(kernels: kernels, peaks: peaks, isa: isa)
        var suspects: [(shape: KernelBenchShape, rival: UnsafePointer<sk_kernel>)] = []
        var progress = ProgressLine()
        for (index, shape) in shapes.enumerated() {
            progress.update(index, of: shapes.count, "shapes")
            let (runs, pick) = try measured(shape)
            for run in runs { report.add(run, of: shape, isPick: run.kernel == pick.kernel) }
            if let rival = fastest(runs), rival.kernel != pick.kernel, isSlow(pick, beside: rival) {
                suspects.append((shape, rival.kernel))
            }
        }
        progress.clear()

        var slow: [String] = []
        for suspect in suspects {
            if let line = try confirmed(suspect.shape, rival: suspect.rival) { slow.append(line) }
        }
        try Console.write(report.text)
        guard slow.isEmpty else {
            try Console.write("\nslower than another kernel by more than 10 %, measured twice:\n" + joined(slow, "\n") + "\n")
            throw .failed("the dispatcher's pick is not the fastest for \(slow.count) of \(shapes.count) shapes")
        }
        try Console.write("\nthe dispatcher's pick is the fastest, within 10 %, for all \(shapes.count) shapes\n")
    }

    /// All kernels of the processor that take `shape`, timed, and the dispatcher's pick among them.
    private func measured(_ shape: KernelBenchShape) throws(ToolError) -> (runs: [KernelBenchRun], pick: KernelBenchRun) {
        let problem = try KernelBenchCase(shape)
        guard let picked = sk_select(shape.operation, problem.shape, isa) else {
            throw .failed("no kernel for \(shape.kind.name) \(shape.text)")
        }
        let pick = try problem.run(of: picked)
        var runs: [KernelBenchRun] = []
        for index in kernels.indices {
            let kernel = kernels.baseAddress! + index
            guard kernel.pointee.op == shape.operation, sk_cpu_has(kernel.pointee.isa), kernel.pointee.supports(problem.shape) else {
                continue
            }
            runs.append(kernel == picked ? pick : try problem.run(of: kernel))
        }
        KernelBenchRun.time(runs, budget: KernelBench.budget)
        return (runs, pick)
    }

    /// The shortest time under the cap.
    private func fastest(_ runs: [KernelBenchRun]) -> KernelBenchRun? {
        var best: KernelBenchRun?
        for run in runs where run.skipped == nil && sk_isa_within(run.kernel.pointee.isa, isa) {
            if best.map({ run.nanoseconds < $0.nanoseconds }) ?? true { best = run }
        }
        return best
    }

    private func isSlow(_ pick: KernelBenchRun, beside rival: KernelBenchRun) -> Bool {
        pick.skipped == nil && pick.nanoseconds > KernelBench.tolerance * rival.nanoseconds + KernelBench.negligible
    }

    /// Measures pick and rival again, longer; nil when the pick is all right after all.
    private func confirmed(_ shape: KernelBenchShape, rival kernel: UnsafePointer<sk_kernel>) throws(ToolError) -> String? {
        let problem = try KernelBenchCase(shape)
        let pick = try problem.run(of: sk_select(shape.operation, problem.shape, isa))
        let rival = try problem.run(of: kernel)
        KernelBenchRun.time([pick, rival], budget: KernelBench.confirmationBudget)
        guard isSlow(pick, beside: rival) else { return nil }
        func timing(_ run: KernelBenchRun) -> String {
            "\(String(cString: run.kernel.pointee.name)) \(fixed(run.nanoseconds / 1000, 3)) us"
        }
        return "\(shape.kind.name) \(shape.text): \(timing(pick)), \(timing(rival))"
    }
}
