import CPlatform
import SwiftletRuntime

let streamCommand = Command(
    name: "stream", operands: "MODEL.slet", summary: "say what a camera's pictures show, one after another",
    options: [
        Option(name: "top", value: "K", help: "answers a picture (default 5)"),
        Option(name: "latest", help: "drop pictures rather than fall behind"),
        Option(name: "every", value: "N", help: "answer for every Nth picture alone"),
        Option(name: "change", help: "print only when the answer changes, and lasts for 3 pictures"),
        Option(name: "min-probability", value: "P", help: "pass over answers that are less probable (0 to 1)"),
        Command.head, Command.threads, Command.allowLarge, Command.lenient,
    ] + Processors.options,
    notes: [
        "Standard input has JPEGs one after another, or each picture after its length in 4 bytes, the lowest first.",
        "A JSON line a picture: its time, its answers, ms since it was there, and how many were dropped so far.",
        "SIGHUP loads the model file again. A picture that cannot be read is named and passed over.",
    ],
    examples: ["model.slet --latest < video.mjpeg"],
    run: stream)

private func stream(_ arguments: Arguments) throws(ToolError) {
    let path = try arguments.onlyOperand("MODEL.slet")
    let top = try arguments.number("top", in: 1...10_000) ?? 5
    let every = UInt64(try arguments.number("every", in: 1...1_000_000) ?? 1)
    var least = 0.0
    if let text = arguments.text("min-probability"), !sp_read_fraction(text, &least) {
        throw .usage("--min-probability needs a number from 0 to 1")
    }
    guard !sp_is_terminal(0) else { throw .usage("stream reads pictures from standard input; see swiftlet stream --help") }
    try Processors.bind(arguments)
    // Counted from here on, so that no signal is missed.
    var hangups = sp_hangups()
    var classifier = try load(arguments, path)
    guard let frames = sp_frames_open(0, arguments.has("latest")) else { throw .failed("not enough memory for a stream") }
    var (frame, change) = (sp_frame(), AnswerChange())
    var (hasAnswered, hasFailed) = (false, false)
    while true {
        sp_frames_next(frames, &frame)
        if frame.status == Int32(SP_FRAMES_END) { break }
        if sp_hangups() != hangups {
            hangups = sp_hangups()
            // A file that cannot be used changes nothing.
            do throws(ToolError) { classifier = try load(arguments, path) } catch { Console.say(error.message) }
        }
        if frame.number % every != 0, frame.status == Int32(SP_FRAME) { continue }
        let answers: [Prediction]
        do throws(SwiftletError) {
            answers = try read(frame, by: classifier, top, lenient: arguments.has("lenient"))
        } catch {
            hasFailed = true
            UnreadablePictures.warn([error.about("picture \(frame.number)")])
            continue
        }
        hasAnswered = true
        guard answers[0].probability >= least, !arguments.has("change") || change.isNew(answers[0].index) else { continue }
        try Console.write(line(frame, answers))
    }
    if hasFailed, !hasAnswered { throw .badInput("standard input: no picture that can be read") }
}

private func load(_ arguments: Arguments, _ path: String) throws(ToolError) -> Classifier {
    let threads = try arguments.threads()
    let model = try ModelFile.load(path, allowsLarge: arguments.allowsLarge)
    try ModelFile.requirePictures(model)
    return try ModelFile.classifier(model, threads: threads, head: try ModelFile.head(model, arguments))
}

private func read(_ frame: sp_frame, by classifier: Classifier, _ top: Int, lenient: Bool) throws(SwiftletError) -> [Prediction] {
    if frame.status == Int32(SP_FRAME_TOO_LARGE) { throw .badFile("larger than 64 MiB") }
    return try classifier.classify(bytes: UnsafeRawBufferPointer(start: frame.bytes, count: frame.size), top: top, lenient: lenient)
}

private func line(_ frame: sp_frame, _ answers: [Prediction]) -> String {
    var json = JSONWriter()
    json.object { json in
        json.field("frame", Int(frame.number))
        json.field("time", Double(sp_unix_milliseconds()) / 1000, digits: 3)
        json.answers("top", answers)
        json.field("ms", Double(sp_nanoseconds() - frame.arrived) / 1e6, digits: 2)
        json.field("dropped", Int(frame.dropped))
    }
    return json.text + "\n"
}

/// When the answer to a stream's pictures is another one: the first, and then one that lasts. A picture or two in between, as where two
/// classes are about equally probable, change nothing.
private struct AnswerChange {
    private static let pictures = 3
    private var answer = -1
    private var other = -1
    private var count = 0

    mutating func isNew(_ next: Int) -> Bool {
        count = next == other ? count + 1 : 1
        other = next
        guard answer != next, answer < 0 || count >= AnswerChange.pictures else { return false }
        answer = next
        return true
    }
}
