import ArgumentParser
import CPlatform
import SwiftletQuantization

/// How many threads work at once.
struct ThreadOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Threads (default: as many as there are processors).", valueName: "N"))
    var threads: Int?

    func validate() throws {
        if let threads, !(1...256).contains(threads) { throw ValidationError("--threads must be from 1 to 256") }
    }

    /// - Throws: when so many cannot be started, which a limit on processes (`ulimit -u`) can do.
    var count: Int {
        get throws(ToolError) {
            let count = threads ?? min(256, Int(sp_cpu_count()))
            let error = errorOfStarting(threads: count)
            guard error == 0 else {
                throw .failed("cannot start \(count) threads: \(String(cString: sp_error_text(error))); --threads 1 starts none")
            }
            return count
        }
    }
}
