// What bench does with results at the desk, and not on boards, whose programs are small.
#if hasFeature(Embedded)
let benchDeskOptions: [Option] = []

func benchCompares(_ arguments: Arguments) throws(ToolError) -> Bool { false }

func benchWritesMarkdown(_ report: BenchReport, _ arguments: Arguments) throws(ToolError) {}
#else
let benchDeskOptions = [
    Option(name: "markdown", value: "F", help: "write a Markdown table to a file"),
    Option(name: "compare", value: "F", help: "measure nothing: compare the file of --json that is named next with F"),
    Option(name: "fail-above", value: "P%", help: "with --compare: fail where a row is slower by more than P percent"),
]

func benchWritesMarkdown(_ report: BenchReport, _ arguments: Arguments) throws(ToolError) {
    if let path = arguments.text("markdown") { try OutputFile.write(report.markdown, to: path) }
}

/// Whether files were to be compared, which is then done.
func benchCompares(_ arguments: Arguments) throws(ToolError) -> Bool {
    guard let before = arguments.text("compare") else {
        guard !arguments.has("fail-above") else { throw .usage("--fail-above goes with --compare") }
        return false
    }
    let after = try arguments.onlyOperand("a second file of --json")
    var limit: Double?
    if let text = arguments.text("fail-above") {
        let percent = hasSuffix(text, "%") ? String(decoding: text.utf8.dropLast(), as: UTF8.self) : text
        var reader = JSONReader(Array(percent.utf8))
        guard let number = reader.document()?.number, number >= 0 else {
            throw .usage("--fail-above takes a percentage such as 5%, not '\(text)'")
        }
        limit = number
    }
    try BenchComparison(before, after).report(failAbove: limit)
    return true
}
#endif
