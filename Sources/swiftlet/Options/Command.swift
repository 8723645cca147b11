/// An option that a command takes.
struct Option: Sendable {
    let name: String
    /// A single letter, such as "o" for `-o`; "" for none.
    var short = ""
    /// What stands for the value in the help; "" for a flag.
    var value = ""
    let help: String

    var takesValue: Bool { !value.isEmpty }
}

/// What a command is called with: the source of its parser and of its help.
struct Command: Sendable {
    let name: String
    /// Positional arguments as they stand in the usage line.
    let operands: String
    let summary: String
    var options: [Option] = []
    var notes: [String] = []
    var examples: [String] = []
    let run: @Sendable (Arguments) throws(ToolError) -> Void

    static let threads = Option(name: "threads", value: "N", help: "threads that work on one picture (default 1)")
    static let allowLarge = Option(name: "allow-large", help: "take a model however long its runs are")
    static let lenient = Option(name: "lenient", help: "decode damaged JPEGs as far as they make sense")
    static let head = Option(name: "head", value: "NAME", help: "the output that answers (default: the first vector)")
    static let json = Option(name: "json", help: "print JSON")

    var help: String {
        var text = "\(summary)\n\nusage: swiftlet \(name)"
        if !operands.isEmpty { text += " " + operands }
        if !options.isEmpty { text += " [options]" }
        text += "\n"
        if !options.isEmpty {
            text += "\noptions:\n"
            for option in options {
                text += Command.line(option.takesValue ? "--\(option.name) \(option.value)" : "--\(option.name)", option.help)
            }
        }
        if !notes.isEmpty { text += "\n" }
        for note in notes { text += note + "\n" }
        if !examples.isEmpty { text += "\nexamples:\n" }
        for example in examples { text += "  swiftlet \(name) \(example)\n" }
        return text
    }

    static func line(_ left: String, _ right: String) -> String {
        "  " + padded(left, 26) + "  " + right + "\n"
    }
}
