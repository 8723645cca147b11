import SwiftletRuntime

/// The program's words as the system has them. `CommandLine.arguments` repairs what is not UTF-8, and a repaired name is another file's.
enum Arguments {
    static func check() throws(ToolError) {
        for index in 1..<max(1, Int(CommandLine.argc)) {
            guard let word = CommandLine.unsafeArgv[index], String(validatingCString: word) == nil else { continue }
            throw .usage("argument \(index), '\(String(cString: word))', is not UTF-8: give the file a name that is")
        }
    }
}
