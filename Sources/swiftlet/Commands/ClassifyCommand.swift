import SwiftletRuntime

let classifyCommand = Command(
    name: "classify", operands: "MODEL.slet IMAGE...", summary: "say what pictures show",
    options: [
        Option(name: "top", value: "K", help: "answers a picture (default 5)"), Command.threads, Command.allowLarge, Command.json,
        Command.lenient,
    ] + Processors.options,
    notes: ["Pictures are JPEG or PPM; the model file says how they are resized and normalized."],
    examples: ["model.slet cat.jpg", "model.slet --top 1 --json *.jpg"],
    run: classify)

private struct Answer {
    let file: String
    let results: [(class: Int, probability: Double)]
}

private func classify(_ arguments: Arguments) throws(ToolError) {
    let count = try arguments.number("top", in: 1...10_000) ?? 5
    let threads = try arguments.threads()
    guard arguments.operands.count >= 2 else {
        throw .usage("classify needs a model and at least one picture; see swiftlet classify --help")
    }
    try Processors.bind(arguments)
    let model = try ModelFile.load(arguments.operands[0], allowsLarge: arguments.allowsLarge)
    let session = try ModelFile.session(model, threads: threads)
    var answers: [Answer] = []
    for file in arguments.operands.dropFirst() {
        try Pictures.load(file, into: session, lenient: arguments.has("lenient"))
        session.run()
        let softmax = Softmax(session.logits())
        answers.append(Answer(file: file, results: softmax.top(count).map { ($0, softmax.probabilities[$0]) }))
    }
    try Console.write(arguments.has("json") ? json(answers, model) : table(answers, model))
}

private func table(_ answers: [Answer], _ model: Model) -> String {
    var text = ""
    for answer in answers {
        text += singleLine(answer.file) + "\n"
        for result in answer.results {
            text += "  " + aligned(fixed(result.probability * 100, 2), 6) + " %  " + singleLine(ModelFile.label(model, result.class)) + "\n"
        }
    }
    return text
}

private func json(_ answers: [Answer], _ model: Model) -> String {
    var json = JSONWriter()
    json.array { json in
        for answer in answers {
            json.object { json in
                json.field("file", answer.file)
                json.key("results")
                json.array { json in
                    for result in answer.results {
                        json.object { json in
                            json.field("class", result.class)
                            json.field("label", ModelFile.label(model, result.class))
                            json.field("probability", result.probability, digits: 6)
                        }
                    }
                }
            }
        }
    }
    return json.text + "\n"
}
