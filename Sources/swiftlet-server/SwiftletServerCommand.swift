import ArgumentParser
import Foundation
import Logging
import SwiftletRuntime
import SwiftletServer

/// The server: models in, HTTP out.
@main
struct SwiftletServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swiftlet-server",
        abstract: "Classifies pictures over HTTP.",
        discussion: """
            A model's name is its file's, without .slet; files of one name are its versions 1, 2, … Signals: HUP loads all files again, \
            TERM and INT stop once the requests that are under way are answered.

            Keys come from the environment variable SWIFTLET_KEYS, separated by commas, or from --keys.

            Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a bad model file.

            examples:
              swiftlet-server mobilenet.slet
              swiftlet-server fp32.slet int8.slet --port 8080 --sessions 2
            """,
        version: Version.current)

    @Argument(help: "Model files.") var models: [String]
    @Option(help: "Address to listen at; 0.0.0.0: all of them.") var host = "127.0.0.1"
    @Option(help: "Port; 0: any that is free.") var port = 8080
    @Option(help: "Threads that work on one picture.") var threads = 1
    @Option(help: "Pictures of a model that are worked on at once (default: one a processor, divided by --threads).") var sessions: Int?
    @Option(help: "Requests of a model that wait; more are answered with 429.") var queue = 128
    @Option(help: "Seconds that a request waits for a session.") var timeout = 30.0
    @Option(help: "MiB of one body.") var maxBody = 32
    @Option(help: "MiB of all bodies that are in memory.") var maxBodies = 512
    @Option(help: "Millions of pixels of one picture.") var maxMegapixels = 50
    @Option(help: "Connections that are open at once.") var connections = 16_384
    @Option(help: "Seconds that a client has for its request, and for taking the answer.") var readTimeout = 30.0
    @Option(help: "Seconds that a connection may be idle.") var idleTimeout = 60.0
    @Option(help: "Seconds for which requests are still taken after TERM, while /v2/health/ready says no.") var drain = 0.0
    @Option(help: "File of keys, one a line; requests must bear one: Authorization: Bearer KEY.") var keys: String?
    @Option(help: "trace, debug (a line a request), info, warning or error.") var logLevel = "info"

    func validate() throws {
        for (name, value) in [("port", port), ("threads", threads - 1), ("sessions", (sessions ?? 1) - 1), ("queue", queue - 1)]
        where !(0...65_535).contains(value) { throw ValidationError("--\(name) is out of range") }
        for (name, value) in [("max-body", maxBody), ("max-bodies", maxBodies), ("max-megapixels", maxMegapixels)]
        where !(1...65_536).contains(value) { throw ValidationError("--\(name) is out of range") }
        for (name, value) in [("timeout", timeout), ("read-timeout", readTimeout), ("idle-timeout", idleTimeout)]
        where !(0.01...86_400).contains(value) { throw ValidationError("--\(name) is out of range") }
        guard (0...86_400).contains(drain) else { throw ValidationError("--drain is out of range") }
        guard (1...1_000_000).contains(connections) else { throw ValidationError("--connections is out of range") }
        guard Logger.Level(rawValue: logLevel) != nil else { throw ValidationError("--log-level: there is no '\(logLevel)'") }
    }

    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        do {
            let command = try parse()
            let settings = try command.settings()
            LoggingSystem.bootstrap { JSONLogHandler(label: $0) }
            var logger = Logger(label: "swiftlet-server")
            logger.logLevel = Logger.Level(rawValue: command.logLevel)!  // as validated
            try await PictureServer.run(settings, logger: logger)
        } catch let error as SwiftletError {
            stop(error.description, error.kind == .badFile ? 3 : 1)
        } catch {
            switch exitCode(for: error) {
            case .success: print(fullMessage(for: error))
            case .failure: stop("\(error)", 1)
            default: stop(message(for: error).split(separator: "\n").joined(separator: " ") + "; see swiftlet-server --help", 2)
            }
        }
    }

    private static func stop(_ message: String, _ status: Int32) -> Never {
        try? FileHandle.standardError.write(contentsOf: Data("swiftlet-server: \(message)\n".utf8))
        Foundation.exit(status)
    }

    private func settings() throws -> ServerSettings {
        var settings = ServerSettings(models: models)
        (settings.host, settings.port, settings.threads, settings.queue) = (host, port, threads, queue)
        settings.sessions = sessions ?? max(1, ProcessInfo.processInfo.activeProcessorCount / threads)
        (settings.timeout, settings.readTimeout, settings.idleTimeout, settings.drain) = (timeout, readTimeout, idleTimeout, drain)
        (settings.bodyLimit, settings.bodyMemory) = (maxBody << 20, maxBodies << 20)
        (settings.maximumPixels, settings.connections) = (maxMegapixels * 1_000_000, connections)
        settings.keys = try readKeys()
        return settings
    }

    private func readKeys() throws -> [String] {
        var found = (ProcessInfo.processInfo.environment["SWIFTLET_KEYS"] ?? "").components(separatedBy: ",")
        if let keys {
            guard let text = try? String(contentsOfFile: keys, encoding: .utf8) else {
                throw ValidationError("--keys: cannot read \(keys)")
            }
            found += text.components(separatedBy: .newlines)
            // An empty file must not open the server to everybody.
            guard found.contains(where: { !$0.isEmpty }) else { throw ValidationError("--keys: \(keys) has no key") }
        }
        return found.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }
}
