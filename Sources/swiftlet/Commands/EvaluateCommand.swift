import CPlatform
import SwiftletRuntime

let evaluateCommand = Command(
    name: "evaluate", operands: "MODEL.slet", summary: "measure accuracy over labeled pictures",
    options: [
        Option(name: "images", value: "DIR", help: "folder of the pictures"),
        Option(name: "labels-csv", value: "FILE", help: "CSV with the header file,class (classes from 0)"),
        Option(name: "predictions", value: "OUT.csv", help: "write file,class,predicted,probability"),
        Option(name: "threads", value: "N", help: "threads, each with pictures of its own (default 1)"), Command.allowLarge,
        Command.json, Command.lenient,
    ] + Processors.options,
    notes: ["A picture that cannot be read is an error: nothing is skipped."],
    examples: ["model.slet --images photos --labels-csv photos.csv --threads 2"],
    run: evaluate)

private func evaluate(_ arguments: Arguments) throws(ToolError) {
    let folder = try arguments.required("images", "DIR")
    let list = try arguments.required("labels-csv", "FILE")
    let threads = try arguments.threads()
    try Processors.bind(arguments)
    let model = try ModelFile.load(try arguments.onlyOperand("MODEL.slet"), allowsLarge: arguments.allowsLarge)
    try ModelFile.requirePictures(model)
    let pictures = try LabeledPictures.read(list, classes: model.classCount).pictures

    let evaluation = try Evaluation(model, folder: folder, pictures: pictures, threads: threads, lenient: arguments.has("lenient"))
    let started = sp_nanoseconds()
    try evaluation.run()
    let seconds = Double(sp_nanoseconds() - started) / 1e9

    if let path = arguments.text("predictions") {
        var text = "file,class,predicted,probability\n"
        for (picture, outcome) in zip(pictures, evaluation.outcomes) {
            text += "\(csvField(picture.file)),\(picture.class),\(outcome.predicted),\(fixed(outcome.probability, 6))\n"
        }
        try OutputFile.write(text, to: path)
    }
    let count = pictures.count
    let share = { (hits: Int) in Double(hits) * 100 / Double(count) }
    let top1 = share(evaluation.outcomes.count { $0.rank == 0 })
    let top5 = share(evaluation.outcomes.count { $0.rank < 5 })
    let milliseconds = evaluation.outcomes.reduce(0) { $0 + Double($1.nanoseconds) } / 1e6 / Double(count)
    if arguments.has("json") {
        var json = JSONWriter()
        json.object { json in
            json.field("model", model.name)
            json.field("precision", precisionName(model))
            json.field("top1", top1, digits: 4)
            json.field("top5", top5, digits: 4)
            json.field("count", count)
            json.field("threads", evaluation.threads)
            json.field("ms_per_picture", milliseconds, digits: 4)
            json.field("seconds", seconds, digits: 3)
        }
        try Console.write(json.text + "\n")
    } else {
        let accuracy = "top-1 \(fixed(top1, 2)) %, top-5 \(fixed(top5, 2)) %"
        let time = "\(fixed(milliseconds, 3)) ms a picture for inference, \(fixed(seconds, 1)) s in all"
        try Console.write("\(count) pictures: \(accuracy), \(time)\n")
    }
}
