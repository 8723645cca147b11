import CPlatform
import SwiftletArchitectures
import SwiftletRuntime

/// What to measure: every model at every number of threads and every batch.
struct BenchPlan {
    enum Source {
        case file(String)
        case architecture(Architecture, isFloat: Bool)
    }

    let sources: [Source]
    let threads: [Int]
    let batches: [Int]
    /// Of a combination; nil: enough for `seconds`, at least `fewestRuns`.
    let runs: Int?
    /// At least, of a combination.
    let seconds: Double
    let warmup: Int
    /// Milliseconds of rest before each measurement.
    let coolDown: Int
    let profiles: Bool
    /// Each operator on each thread is noted, for a trace.
    let traces: Bool
    let reference: PublishedTimes?
    let allowsLarge: Bool
    /// Each kernel on the sources' shapes, in place of the models.
    let timesKernels: Bool

    /// What --kernels takes when nothing is named: the largest layers that are common, and the smallest.
    static let kernelArchitectures = ["MobileNetV3_large_x1_0", "MobileNetV3_small_x0_35"]
    static let fewestRuns = 50
    /// Every combination is measured so many times, all others in between: what a machine does now and then hits all alike.
    private static let mostRounds = 5
    private static let modelOptions = [
        "threads", "batch", "warmup", "runs", "min-time", "cool-down", "profile", "trace", "reference", "json", "csv", "markdown",
    ]

    init(_ arguments: Arguments) throws(ToolError) {
        threads = try arguments.numbers("threads", in: Limits.threads) ?? [1]
        batches = try arguments.numbers("batch", in: Limits.batch) ?? [1]
        runs = try arguments.number("runs", in: 1...10_000_000)
        seconds = Double(try arguments.number("min-time", in: 1...86_400) ?? 1)
        warmup = try arguments.number("warmup", in: 0...1_000_000) ?? 10
        coolDown = try arguments.number("cool-down", in: 0...3_600_000) ?? 0
        traces = arguments.has("trace")
        profiles = arguments.has("profile")
        guard profiles || !traces else { throw .usage("--trace goes with --profile") }
        allowsLarge = arguments.allowsLarge
        timesKernels = arguments.has("kernels")
        if timesKernels {
            for name in BenchPlan.modelOptions where arguments.has(name) { throw .usage("--kernels does not go with --\(name)") }
        }
        reference = try arguments.text("reference").map { (name) throws(ToolError) in try PublishedTimes(name) }

        var sources = arguments.operands.map { Source.file($0) }
        var precisions: [Bool] = []
        for word in arguments.words("precision") ?? (timesKernels ? ["int8", "fp32"] : ["int8"]) {
            guard areEqual(word, "int8") || areEqual(word, "fp32") else { throw .usage("--precision takes int8 and fp32, not '\(word)'") }
            precisions.append(areEqual(word, "fp32"))
        }
        let usual = timesKernels && sources.isEmpty ? BenchPlan.kernelArchitectures : []
        for architecture in try BenchPlan.architectures(arguments.words("arch") ?? usual) {
            for isFloat in precisions { sources.append(.architecture(architecture, isFloat: isFloat)) }
        }
        guard !sources.isEmpty else { throw .usage("bench needs a MODEL.slet or --arch NAME; see swiftlet bench --help") }
        if arguments.has("precision"), arguments.text("arch") == nil, usual.isEmpty {
            throw .usage("--precision chooses how --arch is built; a .slet file has its own")
        }
        self.sources = sources
    }

    var combinations: Int { sources.count * threads.count * batches.count }
    var rounds: Int { min(BenchPlan.mostRounds, runs ?? BenchPlan.mostRounds) }

    /// Whether a round of a combination is done.
    func isDone(_ count: Int, nanoseconds: UInt64, round: Int) -> Bool {
        if let runs { return count >= runs * (round + 1) / rounds - runs * round / rounds }
        return count * rounds >= BenchPlan.fewestRuns && Double(nanoseconds) * Double(rounds) >= seconds * 1e9
    }

    private static func architectures(_ words: [String]) throws(ToolError) -> [Architecture] {
        var architectures: [Architecture] = []
        for word in words {
            if areEqual(word, "all") {
                architectures += Architecture.names.compactMap { Architecture.named($0) }
            } else if let architecture = Architecture.named(word) {
                architectures.append(architecture)
            } else {
                throw .usage("--arch: there is no '\(word)'; there are \(joined(Architecture.names, ", "))")
            }
        }
        return architectures
    }
}
