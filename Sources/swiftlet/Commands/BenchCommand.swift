import SwiftletRuntime

let benchCommand = Command(
    name: "bench", operands: "[MODEL.slet ...]", summary: "measure speed",
    options: [
        Option(name: "arch", value: "NAME,...|all", help: "built-in networks with random weights"),
        Option(name: "precision", value: "int8,fp32", help: "how --arch is built (default int8)"),
        Option(name: "threads", value: "1,2,4", help: "numbers of threads (default 1)"),
        Option(name: "batch", value: "1,4,8", help: "pictures a run (default 1)"),
        Option(name: "warmup", value: "N", help: "runs before measuring (default 10)"),
        Option(name: "runs", value: "N", help: "runs to measure (default: about a second's, at least 50)"),
        Option(name: "profile", help: "time each operator too, beside its floor on this core"),
        Option(name: "kernels", help: "time every kernel on the networks' shapes instead, and check the dispatcher's picks"),
        Option(name: "json", value: "F", help: "write JSON to a file; - is standard output, in place of the table"),
        Command.allowLarge,
        Option(name: "csv", value: "F", help: "write CSV to a file"),
    ] + Processors.options,
    notes: [
        "A run is one inference of the whole batch, the picture being in place. Peak memory is the process's so far.",
        "--kernels takes models and --arch (default \(joined(BenchPlan.kernelArchitectures, ","))) in",
        "--precision (default int8,fp32). It fails when a pick is more than 10 % slower than another kernel.",
    ],
    examples: [
        "model.slet", "model.slet --threads 1,2 --profile", "--arch all --precision int8,fp32 --json bench.json",
        "--kernels --arch all",
    ],
    run: bench)

private func bench(_ arguments: Arguments) throws(ToolError) {
    let plan = try BenchPlan(arguments)
    let isa = try InstructionSet.ofEnvironment().isa
    try Processors.bind(arguments)
    if plan.timesKernels { return try KernelBench(plan, isa: isa).run() }
    let jsonPath = arguments.text("json")
    let printsTable = jsonPath.map { !areEqual($0, "-") } ?? true

    let peaks = plan.profiles ? CorePeaks() : nil
    var rows: [BenchRow] = []
    var progress = ProgressLine()
    for source in plan.sources {
        let model = try source.model(isa: isa, allowsLarge: plan.allowsLarge)
        for threads in plan.threads {
            for batch in plan.batches {
                progress.update(rows.count, of: plan.combinations, "measurements")
                rows.append(try BenchRow.measure(model, named: source.name, threads: threads, batch: batch, plan, peaks: peaks))
            }
        }
    }
    progress.clear()

    let report = BenchReport(rows: rows, isa: isa)
    if printsTable { try Console.write(report.table) }
    if let jsonPath {
        if printsTable { try OutputFile.write(report.json, to: jsonPath) } else { try Console.write(report.json) }
    }
    if let path = arguments.text("csv") { try OutputFile.write(report.csv, to: path) }
    if printsTable, rows.count == 1 { try Console.write("min \(fixed(rows[0].minimum, 3)) ms\n") }
}
