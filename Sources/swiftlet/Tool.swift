import CPlatform
import SwiftletRuntime

/// The tool: finds the command, runs it, turns its error into a line and an exit code.
enum Tool {
    private static var commands: [Command] {
        [
            classifyCommand, streamCommand, evaluateCommand, runCommand, benchCommand, inspectCommand, selftestCommand, installCommand,
        ]
    }

    static func main() -> Int32 {
        sp_start()
        do {
            try dispatch(try words())
            try Console.finish()
            return 0
        } catch {
            Console.say(error.message)
            return error.kind.rawValue
        }
    }

    /// The arguments after the program's name. A `String` repairs what is not UTF-8, and would then name another file: such an argument is
    /// refused.
    private static func words() throws(ToolError) -> [String] {
        var words: [String] = []
        for index in 1..<max(1, Int(sp_argument_count())) {
            let word = String(cString: sp_argument(Int32(index)))
            guard sp_argument_is_utf8(Int32(index)) else { throw .usage("argument \(index), '\(word)', is not UTF-8; rename the file") }
            words.append(word)
        }
        return words
    }

    private static func dispatch(_ words: [String]) throws(ToolError) {
        guard let name = words.first else { throw .usage("no command given; see swiftlet --help") }
        if areEqual(name, "--version") { return try Console.write("swiftlet \(Version.current)\n") }
        if asksForHelp(name) || areEqual(name, "help") && words.count == 1 { return try Console.write(help) }
        let isHelp = areEqual(name, "help")
        let wanted = isHelp ? words[1] : name
        guard let command = commands.first(where: { areEqual($0.name, wanted) }) else {
            throw .usage("there is no command '\(wanted)'; there are \(joined(commands.map { $0.name }, ", "))")
        }
        let rest = Array(words.dropFirst())
        let beforeDashes = rest.prefix { !areEqual($0, "--") }
        if isHelp || beforeDashes.contains(where: asksForHelp) { return try Console.write(command.help) }
        let arguments = try Arguments(command, rest)
        try command.run(arguments)
    }

    private static func asksForHelp(_ word: String) -> Bool {
        areEqual(word, "--help") || areEqual(word, "-h")
    }

    private static var help: String {
        var text = "Runs int8 and FP32 image classifiers from .slet files.\n\nusage: swiftlet COMMAND [arguments]\n\ncommands:\n"
        for command in commands { text += Command.line(command.name, command.summary) }
        text += "\n"
        text += Command.line("COMMAND --help", "what a command takes, with examples")
        text += Command.line("--version", "the tool's version")
        text += "\nSWIFTLET_ISA caps the instruction set; this processor has \(InstructionSet.availableNames).\n"
        text += "Exit codes: 0 done, 1 the work failed, 2 wrong usage, 3 a bad input file.\n"
        text += "\nexamples:\n"
        text += "  swiftlet classify model.slet cat.jpg\n  swiftlet bench model.slet --threads 1,2\n  swiftlet selftest\n"
        return text
    }
}
