import CPlatform
import SwiftletRuntime

let classifyCommand = Command(
    name: "classify", operands: "MODEL.slet IMAGE...", summary: "say what pictures show",
    options: [
        Option(name: "top", value: "K", help: "answers a picture (default 5)"),
        Option(name: "list", value: "FILE|-", help: "a list of pictures; -: one a line on standard input"),
        Option(name: "shard", value: "I/N", help: "part I of N of the pictures, from 1"),
        Option(name: "ndjson", help: "print a JSON line a picture, at once"),
        Option(name: "resume", value: "OUT", help: "add such lines to OUT, for pictures that have none there"),
        Command.head, Command.threads, Command.allowLarge, Command.json, Command.lenient,
    ] + Processors.options,
    notes: [
        "Pictures are JPEG, PNG or PPM; the model file says how they are resized and normalized.",
        "A picture that cannot be read is named; the others are answered for, and the exit code is 1.",
    ],
    examples: ["model.slet cat.jpg", "model.slet --top 1 --json *.jpg", "model.slet --list photos.txt --shard 1/2 --resume part1.ndjson"],
    run: classify)

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
    let printsLines = arguments.has("ndjson") || arguments.has("resume")
    let isJSON = printsLines || arguments.has("json")
    var text = ""
    var failures: [SwiftletError] = []
    var left = 0
    while let picture = try pictures.next() {
        var answer = ""
        do throws(SwiftletError) {
            let results = try classifier.classify(path: picture.path, top: count, lenient: arguments.has("lenient"))
            answer = isJSON ? json(picture.name, results, nil) : table(picture.name, results)
        } catch {
            if printsLines {
                UnreadablePictures.warn([error])
                answer = json(picture.name, [], error)
                left += 1
            } else {
                failures.append(error)
                continue
            }
        }
        if printsLines {
            try Console.write(answer + "\n")
        } else {
            text += (isJSON && !text.utf8.isEmpty ? ", " : "") + answer
        }
    }
    try UnreadablePictures.leaveOut(failures, of: pictures.count)
    if !printsLines { try Console.write(isJSON ? "[" + text + "]\n" : text) }
    try UnreadablePictures.fail(failures.count + left, of: pictures.count)
}

private func table(_ file: String, _ results: [Prediction]) -> String {
    var text = singleLine(file) + "\n"
    for result in results {
        text += "  " + aligned(fixed(result.probability * 100, 2), 6) + " %  " + singleLine(result.label) + "\n"
    }
    return text
}

/// - Parameter error: why there are no results.
private func json(_ file: String, _ results: [Prediction], _ error: SwiftletError?) -> String {
    var json = JSONWriter()
    json.object { json in
        json.field("file", file)
        if let error { json.field("error", error.message) } else { json.answers("results", results) }
    }
    return json.text
}
