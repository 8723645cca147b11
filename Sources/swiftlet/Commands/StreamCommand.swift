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
    guard !sp_is_terminal(0) else { throw .usage("stream reads pictures from standard input; see swiftlet stream --help") }
    try Processors.bind(arguments)
    var stream = try Stream(arguments)
    guard let frames = sp_frames_open(0, arguments.has("latest")) else { throw .failed("not enough memory for a stream") }
    var frame = sp_frame()
    while true {
        sp_frames_next(frames, &frame)
        if frame.status == Int32(SP_FRAMES_END) { return try stream.finish() }
        try stream.answer(frame)
    }
}
