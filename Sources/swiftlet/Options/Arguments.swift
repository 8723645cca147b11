import SwiftletRuntime

/// A command's arguments, taken apart by its description. What is wrong is a usage error that says what to do.
struct Arguments {
    let command: String
    private(set) var operands: [String] = []
    private var given: [(name: String, value: String)] = []

    /// - Parameter words: what follows the command's name.
    init(_ command: Command, _ words: [String]) throws(ToolError) {
        self.command = command.name
        var index = 0
        var optionsEnded = false
        while index < words.count {
            let word = words[index]
            index += 1
            guard !optionsEnded, hasPrefix(word, "-"), word.utf8.count > 1 else {
                operands.append(word)
                continue
            }
            if areEqual(word, "--") {
                optionsEnded = true
                continue
            }
            let (name, attached) = Arguments.takeApart(word)
            let dashes = hasPrefix(word, "--")
            guard let option = command.options.first(where: { areEqual(dashes ? $0.name : $0.short, name) }) else {
                throw .usage("unknown option \(word); see swiftlet \(command.name) --help")
            }
            if option.takesValue {
                if let attached {
                    given.append((option.name, attached))
                } else {
                    guard index < words.count else {
                        throw .usage("option \(word) needs a value: \(word) \(option.value)")
                    }
                    given.append((option.name, words[index]))
                    index += 1
                }
            } else {
                guard attached == nil else { throw .usage("option --\(option.name) takes no value") }
                given.append((option.name, ""))
            }
        }
    }

    /// `--name=value` or `--name`, without the dashes.
    private static func takeApart(_ word: String) -> (name: String, value: String?) {
        let bytes = Array(word.utf8.drop { $0 == UInt8(ascii: "-") })
        guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")) else { return (String(decoding: bytes, as: UTF8.self), nil) }
        return (String(decoding: bytes[..<equals], as: UTF8.self), String(decoding: bytes[(equals + 1)...], as: UTF8.self))
    }

    func has(_ name: String) -> Bool {
        given.contains { areEqual($0.name, name) }
    }

    /// The option's value; the last one counts.
    func text(_ name: String) -> String? {
        given.last { areEqual($0.name, name) }?.value
    }

    func required(_ name: String, _ value: String) throws(ToolError) -> String {
        guard let text = text(name) else { throw .usage("\(command) needs --\(name) \(value); see swiftlet \(command) --help") }
        return text
    }

    func number(_ name: String, in range: ClosedRange<Int>) throws(ToolError) -> Int? {
        guard let text = text(name) else { return nil }
        return try Arguments.number(text, name, in: range)
    }

    /// Several numbers with commas between, such as `1,2,4`.
    func numbers(_ name: String, in range: ClosedRange<Int>) throws(ToolError) -> [Int]? {
        guard let words = words(name) else { return nil }
        var result: [Int] = []
        for word in words { result.append(try Arguments.number(word, name, in: range)) }
        return result
    }

    /// Several words with commas between.
    func words(_ name: String) -> [String]? {
        text(name).map { split($0, UInt8(ascii: ",")) }
    }

    var allowsLarge: Bool { has("allow-large") }

    func threads() throws(ToolError) -> Int {
        try number("threads", in: Limits.threads) ?? 1
    }

    /// The one operand that the command takes.
    func onlyOperand(_ what: String) throws(ToolError) -> String {
        guard let first = operands.first else { throw .usage("\(command) needs \(what); see swiftlet \(command) --help") }
        guard operands.count == 1 else { throw .usage("\(command) takes one \(what), but \(operands[1]) follows it") }
        return first
    }

    func noOperands() throws(ToolError) {
        if let first = operands.first { throw .usage("\(command) takes no arguments, but got \(first)") }
    }

    private static func number(_ text: String, _ name: String, in range: ClosedRange<Int>) throws(ToolError) -> Int {
        guard let value = wholeNumber(text) else { throw .usage("--\(name) needs a whole number, not '\(text)'") }
        guard range.contains(value) else {
            throw .usage("--\(name) is \(value), but must be from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}

/// What a command line may ask for: wide enough for any machine, narrow enough that a typing error is refused as one.
enum Limits {
    static let threads = 1...256
    static let batch = 1...1024
}
