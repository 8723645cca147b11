import CPlatform
import SwiftletRuntime

let classifyCommand = Command(
    name: "classify", operands: "MODEL.slet IMAGE...", summary: "say what pictures show",
    options: [
        Option(name: "top", value: "K", help: "answers a picture (default 5)"),
        Option(name: "list", value: "FILE|-", help: "a list of pictures; -: one a line on standard input"),
        Option(name: "shard", value: "I/N", help: "part I of N of the pictures, from 1"),
        Option(name: "ndjson", help: "print a JSON line a picture, at once"),
        Option(name: "resume", value: "OUT", help: "add such lines to OUT, for pictures that have none there"), Command.head, Command.threads,
        Command.allowLarge, Command.json, Command.lenient,
    ] + Processors.options,
    notes: [
        "Pictures are JPEG, PNG or PPM; the model file says how they are resized and normalized.",
        "A picture that cannot be read is named; the others are answered for, and the exit code is 1.",
    ],
    examples: ["model.slet cat.jpg", "model.slet --top 1 --json *.jpg", "model.slet --list photos.txt --shard 1/2 --resume part1.ndjson"],
    run: classify)

private struct Answer {
    let file: String
    var results: [Prediction] = []
    /// Why there are none.
    var error: SwiftletError?
}

private func classify(_ arguments: Arguments) throws(ToolError) {
    let count = try arguments.number("top", in: 1...10_000) ?? 5
    let threads = try arguments.threads()
    guard arguments.operands.count >= (arguments.has("list") ? 1 : 2) else {
        throw .usage("classify needs a model and at least one picture; see swiftlet classify --help")
    }
    try Processors.bind(arguments)
    var pictures = try ListedPictures(arguments)
    let model = try ModelFile.load(arguments.operands[0], allowsLarge: arguments.allowsLarge)
    try ModelFile.requirePictures(model)
    let classifier = try ModelFile.classifier(model, threads: threads, head: try ModelFile.head(model, arguments))
    func answer(_ picture: PictureList.Entry) -> Answer {
        var answer = Answer(file: picture.name)
        do throws(SwiftletError) {
            answer.results = try classifier.classify(path: picture.path, top: count, lenient: arguments.has("lenient"))
        } catch {
            answer.error = error
        }
        return answer
    }
    if arguments.has("ndjson") || arguments.has("resume") {
        return try writeLines(&pictures, to: ResumedOutput(arguments.text("resume")), answer)
    }
    var answers: [Answer] = []
    while let picture = try pictures.next() { answers.append(answer(picture)) }
    let failures = answers.compactMap { $0.error }
    try UnreadablePictures.leaveOut(failures, of: answers.count)
    let read = answers.filter { $0.error == nil }
    try Console.write(arguments.has("json") ? json(read) : table(read))
    try UnreadablePictures.fail(failures.count, of: answers.count)
}

/// A line a picture, as soon as it is answered for.
private func writeLines(
    _ pictures: inout ListedPictures, to output: consuming ResumedOutput, _ answer: (PictureList.Entry) -> Answer
) throws(ToolError) {
    var output = output
    var (count, failures) = (0, 0)
    while let picture = try pictures.next() {
        if try output.holds(picture.name) { continue }
        let answer = answer(picture)
        count += 1
        if let error = answer.error {
            failures += 1
            UnreadablePictures.warn([error])
        }
        var json = JSONWriter()
        write(answer, to: &json)
        try output.write(json.text + "\n")
    }
    try UnreadablePictures.fail(failures, of: count)
}

private func table(_ answers: [Answer]) -> String {
    var text = ""
    for answer in answers {
        text += singleLine(answer.file) + "\n"
        for result in answer.results {
            text += "  " + aligned(fixed(result.probability * 100, 2), 6) + " %  " + singleLine(result.label) + "\n"
        }
    }
    return text
}

private func json(_ answers: [Answer]) -> String {
    var json = JSONWriter()
    json.array { json in
        for answer in answers { write(answer, to: &json) }
    }
    return json.text + "\n"
}

private func write(_ answer: Answer, to json: inout JSONWriter) {
    json.object { json in
        json.field("file", answer.file)
        if let error = answer.error {
            json.field("error", error.message)
        } else {
            json.answers("results", answer.results)
        }
    }
}
