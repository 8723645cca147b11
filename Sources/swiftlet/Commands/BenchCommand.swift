import SwiftletRuntime

let benchCommand = Command(
    name: "bench", operands: "[MODEL.slet ...]", summary: "measure speed",
    options: [
        Option(name: "arch", value: "NAME,...|all", help: "built-in networks with random weights"),
        Option(name: "precision", value: "int8,fp32", help: "how --arch is built (default int8)"),
        Option(name: "threads", value: "1,2,4", help: "numbers of threads (default 1)"),
        Option(name: "batch", value: "1,4,8", help: "pictures a run (default 1)"),
        Option(name: "warmup", value: "N", help: "runs before measuring (default 10)"),
        Option(name: "runs", value: "N", help: "runs to measure (default: a second's, at least 50)"),
        Option(name: "min-time", value: "S", help: "seconds to measure at least (default 1)"),
        Option(name: "cool-down", value: "MS", help: "milliseconds of rest before each measurement (default 0)"),
        Option(name: "reference", value: "sd855|v100|F", help: "published times beside: of PaddleClas' page, or a file of Targets/"),
        Option(name: "profile", help: "time each operator too, beside its floor on this core"),
        Option(name: "trace", value: "F", help: "with --profile: write a run of each thread for ui.perfetto.dev"),
        Option(name: "kernels", help: "time every kernel on the networks' shapes instead, and check the dispatcher's picks"),
        Option(name: "json", value: "F", help: "write JSON to a file; - is standard output, in place of the table"),
        Command.allowLarge,
        Option(name: "csv", value: "F", help: "write CSV to a file"),
    ] + benchDeskOptions + Processors.options,
    notes: [
        "A run is one inference of the whole batch, the picture being in place. Five rounds go over all combinations.",
        "Memory is that of one combination: packed weights, activations, working memory. FLOPs are two a multiply-accumulate.",
        "Ctrl-C ends with what has been measured, and exit code 1.",
        "--kernels takes models and --arch (default \(joined(BenchPlan.kernelArchitectures, ","))) in",
        "--precision (default int8,fp32). It fails when a pick is more than 10 % slower than another kernel.",
    ],
    examples: [
        "model.slet", "model.slet --threads 1,2 --profile", "--arch all --precision int8,fp32 --json bench.json",
        "--arch all --precision fp32,int8 --threads 1,2,4 --reference sd855",
        "--kernels --arch all",
    ],
    run: bench)

private func bench(_ arguments: Arguments) throws(ToolError) {
    if try benchCompares(arguments) { return }
    let plan = try BenchPlan(arguments)
    let isa = try InstructionSet.ofEnvironment().isa
    try Processors.bind(arguments)
    if plan.timesKernels { return try KernelBench(plan, isa: isa).run() }
    var run = BenchRun(plan, isa: isa)
    let report = try run.measure()
    guard let first = report.rows.first else { throw .failed("interrupted before anything was measured") }

    let jsonPath = arguments.text("json")
    let printsTable = jsonPath.map { !areEqual($0, "-") } ?? true
    if printsTable { try Console.write(report.table) }
    if let jsonPath {
        if printsTable { try OutputFile.write(report.json, to: jsonPath) } else { try Console.write(report.json) }
    }
    if let path = arguments.text("csv") { try OutputFile.write(report.csv, to: path) }
    try benchWritesMarkdown(report, arguments)
    if let path = arguments.text("trace") { try OutputFile.write(report.trace, to: path) }
    if report.isPartial { throw .failed("interrupted: what was written is partial") }
    if printsTable, plan.combinations == 1 { try Console.write("min \(fixed(first.minimum, 3)) ms\n") }
}
