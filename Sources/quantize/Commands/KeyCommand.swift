import ArgumentParser
import Foundation

/// `quantize key -o FILE`
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Make a pair of keys to sign models with.",
        discussion: """
            The private key is for the desk alone; FILE.pub goes onto the boards. Both are Ed25519 in PEM, as \
            openssl genpkey -algorithm ed25519 writes them.

            examples:
              quantize key -o vendor
            """)

    @Option(name: .shortAndLong, help: ArgumentHelp("Where the private key goes; the public one goes to FILE.pub.", valueName: "FILE"))
    var output: String

    func run() throws {
        let (secret, open) = (try OutputFile(output), try OutputFile(output + ".pub"))
        for path in [secret.path, open.path] where FileManager.default.fileExists(atPath: path) {
            throw ToolError.failed("\(path) is there already: a key that is lost cannot be made again")
        }
        let key = SigningKey()
        let mask = umask(0o077)
        try secret.write(Data(key.privatePEM.utf8))
        umask(mask)
        try open.write(Data(key.publicPEM.utf8))
    }
}
