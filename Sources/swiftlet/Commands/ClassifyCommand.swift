import SwiftletRuntime

let classifyCommand = Command(
    name: "classify", operands: "MODEL.slet IMAGE...", summary: "say what pictures show",
    options: [
        Option(name: "top", value: "K", help: "answers a picture (default 5)"), Command.head, Command.threads,
        Command.allowLarge, Command.json, Command.lenient,
    ] + Processors.options,
    notes: [
        "Pictures are JPEG, PNG or PPM; the model file says how they are resized and normalized.",
        "A picture that cannot be read is named; the others are answered for, and the exit code is 1.",
    ],
    examples: ["model.slet cat.jpg", "model.slet --top 1 --json *.jpg"],
    run: classify)

private struct Answer {
    let file: String
    let results: [Prediction]
}

private func classify(_ arguments: Arguments) throws(ToolError) {
    let count = try arguments.number("top", in: 1...10_000) ?? 5
    let threads = try arguments.threads()
    guard arguments.operands.count >= 2 else {
        throw .usage("classify needs a model and at least one picture; see swiftlet classify --help")
    }
    try Processors.bind(arguments)
    let model = try ModelFile.load(arguments.operands[0], allowsLarge: arguments.allowsLarge)
    try ModelFile.requirePictures(model)
    let classifier = try ModelFile.classifier(model, threads: threads, head: try ModelFile.head(model, arguments))
    var answers: [Answer] = []
    var failures: [SwiftletError] = []
    let files = arguments.operands.dropFirst()
    for file in files {
        do throws(SwiftletError) {
            let results = try classifier.classify(path: file, top: count, lenient: arguments.has("lenient"))
            answers.append(Answer(file: file, results: results))
        } catch {
            failures.append(error)
        }
    }
    try UnreadablePictures.leaveOut(failures, of: files.count)
    try Console.write(arguments.has("json") ? json(answers) : table(answers))
    try UnreadablePictures.fail(failures, of: files.count)
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
        for answer in answers {
            json.object { json in
                json.field("file", answer.file)
                json.key("results")
                json.array { json in
                    for result in answer.results {
                        json.object { json in
                            json.field("class", result.index)
                            json.field("label", result.label)
                            json.field("probability", result.probability, digits: 6)
                        }
                    }
                }
            }
        }
    }
    return json.text + "\n"
}
