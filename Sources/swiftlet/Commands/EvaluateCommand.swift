import CPlatform
import SwiftletRuntime

let evaluateCommand = Command(
    name: "evaluate", operands: "MODEL.slet", summary: "measure accuracy over labeled pictures",
    options: [
        Option(name: "images", value: "DIR", help: "folder of the pictures; alone: a subfolder for each class, in order of their names"),
        Option(name: "labels-csv", value: "FILE", help: "list: CSV with the header file,class, or 'path class' a line (classes from 0)"),
        Option(name: "predictions", value: "OUT.csv", help: "write file,class,predicted,probability"),
        Option(name: "threads", value: "N", help: "threads, each with pictures of its own (default 1)"), Command.head,
        Command.allowLarge, Command.json, Command.lenient,
    ] + Processors.options,
    notes: ["A picture that cannot be read is named and not counted; the exit code is then 1."],
    examples: ["model.slet --images photos --labels-csv photos.csv --threads 2", "model.slet --images validation"],
    run: evaluate)

private func evaluate(_ arguments: Arguments) throws(ToolError) {
    let (images, list) = (arguments.text("images"), arguments.text("labels-csv"))
    guard let source = list ?? images else {
        throw .usage("evaluate needs --images DIR, --labels-csv FILE or both; see swiftlet evaluate --help")
    }
    let threads = try arguments.threads()
    try Processors.bind(arguments)
    let model = try ModelFile.load(try arguments.onlyOperand("MODEL.slet"), allowsLarge: arguments.allowsLarge)
    try ModelFile.requirePictures(model)
    let head = try ModelFile.head(model, arguments)
    let classes = model.outputs[head].channels
    let pictures = try ToolError.wrapping { () throws(SwiftletError) in
        let pictures = list == nil ? try PictureList.folder(source) : try PictureList.list(source, root: images)
        try pictures.requireClasses(source, classes)
        return pictures
    }
    UnreadablePictures.warn(pictures.leftOut)
    if let note = pictures.classFoldersNote(source, classes) { Console.say(note) }

    let evaluation = try Evaluation(
        model, head: head, pictures: pictures.entries, threads: threads, lenient: arguments.has("lenient"))
    let started = sp_nanoseconds()
    try evaluation.run()
    let summary = EvaluationSummary(evaluation, seconds: Double(sp_nanoseconds() - started) / 1e9)
    try UnreadablePictures.leaveOut(evaluation.failures, of: pictures.entries.count)
    if let path = arguments.text("predictions") { try OutputFile.write(evaluation.predictions, to: path) }
    try Console.write(arguments.has("json") ? summary.json(model, threads: evaluation.threads) : summary.text)
    try UnreadablePictures.fail(evaluation.failures.count, of: pictures.entries.count)
}
