import CPlatform
import SwiftletRuntime

/// Answers for the pictures of a stream, a JSON line each.
struct Stream {
    private let arguments: Arguments
    private let path: String
    private let top: Int
    private let every: Int
    private let leastProbability: Double
    private var classifier: Classifier
    private var change: AnswerChange?
    private var hangups: Int32
    /// Pictures that could be read.
    private var answered = 0
    /// Those that could not.
    private var unread = 0

    init(_ arguments: Arguments) throws(ToolError) {
        self.arguments = arguments
        path = try arguments.onlyOperand("MODEL.slet")
        top = try arguments.number("top", in: 1...10_000) ?? 5
        every = try arguments.number("every", in: 1...1_000_000) ?? 1
        leastProbability = try arguments.fraction("min-probability") ?? 0
        change = arguments.has("change") ? AnswerChange() : nil
        // From here on, so that no signal is missed.
        hangups = sp_hangups()
        classifier = try Stream.load(arguments, path)
    }

    private static func load(_ arguments: Arguments, _ path: String) throws(ToolError) -> Classifier {
        let threads = try arguments.threads()
        let model = try ModelFile.load(path, allowsLarge: arguments.allowsLarge)
        try ModelFile.requirePictures(model)
        return try ModelFile.classifier(model, threads: threads, head: try ModelFile.head(model, arguments))
    }

    mutating func answer(_ frame: sp_frame) throws(ToolError) {
        reloadIfAsked()
        guard frame.status == Int32(SP_FRAME) else {
            let isLarge = frame.status == Int32(SP_FRAME_TOO_LARGE)
            return leaveOut(frame, isLarge ? "larger than 64 MiB" : "not a JPEG")
        }
        guard frame.number % UInt64(every) == 0 else { return }
        let predictions: [Prediction]
        do throws(SwiftletError) {
            predictions = try classifier.classify(
                bytes: UnsafeRawBufferPointer(start: frame.bytes, count: frame.size), top: top, lenient: arguments.has("lenient"))
        } catch {
            return leaveOut(frame, error.message)
        }
        answered += 1
        guard predictions[0].probability >= leastProbability, change?.isNew(predictions[0].index) ?? true else { return }
        try Console.write(line(frame, predictions))
    }

    /// - Throws: where no picture could be read.
    func finish() throws(ToolError) {
        guard answered == 0 else { return }
        if unread > 0 { throw .badInput("standard input: none of its \(unread) pictures can be read") }
    }

    private mutating func leaveOut(_ frame: sp_frame, _ reason: String) {
        unread += 1
        Console.writeError("swiftlet: left out: picture \(frame.number): \(singleLine(reason))\n")
    }

    /// A file that cannot be used changes nothing.
    private mutating func reloadIfAsked() {
        let count = sp_hangups()
        guard count != hangups else { return }
        hangups = count
        do throws(ToolError) {
            classifier = try Stream.load(arguments, path)
            Console.writeError("swiftlet: \(singleLine(path)): loaded again\n")
        } catch {
            Console.writeError("swiftlet: \(singleLine(error.message)); the model before stays\n")
        }
    }

    private func line(_ frame: sp_frame, _ predictions: [Prediction]) -> String {
        var json = JSONWriter()
        json.object { json in
            json.field("frame", frame.number)
            json.field("time", Double(sp_unix_milliseconds()) / 1000, digits: 3)
            json.answers("top", predictions)
            json.field("ms", Double(sp_nanoseconds() - frame.arrived) / 1e6, digits: 2)
            json.field("dropped", frame.dropped)
        }
        return json.text + "\n"
    }
}

/// When the answer to a stream's pictures is another one: the first, and then one that lasts. A picture or two in between, as where two
/// classes are about equally probable, change nothing.
struct AnswerChange {
    private static let pictures = 3
    private var answer: Int?
    private var other = -1
    private var count = 0

    mutating func isNew(_ next: Int) -> Bool {
        count = next == other ? count + 1 : 1
        other = next
        guard answer != next, answer == nil || count >= AnswerChange.pictures else { return false }
        answer = next
        return true
    }
}
