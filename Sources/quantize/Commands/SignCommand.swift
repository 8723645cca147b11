import ArgumentParser
import Foundation
import SwiftletImport
import SwiftletRuntime

/// `quantize sign MODEL.slet --key FILE`
struct SignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign a .slet file for swiftlet install.",
        discussion: """
            The file gets 128 bytes more, an Ed25519 signature of all others; every program runs it as before. Before that it gets a \
            probe: inputs, and the digest of this machine's outputs, which swiftlet install --probe compares.

            examples:
              quantize key -o vendor
              quantize sign model.slet --key vendor
              swiftlet install model.slet --to /var/lib/camera/model.slet --key vendor.pub --probe
            """)

    @Argument(help: "The .slet file.") var model: String

    @Option(help: ArgumentHelp("The private key: PEM, or 64 hexadecimal digits.", valueName: "FILE")) var key: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write (default: MODEL itself).", valueName: "OUT.slet")) var output: String?

    @Flag(help: "Sign the file as it is, without a probe that it does not have.") var noProbe = false

    @Flag(help: "Sign even a model that takes more than 1e12 operations a picture.") var allowLarge = false

    func run() throws {
        let file = try OutputFile(output ?? model)
        try file.mustDiffer(from: [key], "the key")
        let signer = try SigningKey(key)
        let bytes = try InputFile.read(model, atMost: Importers.largestFile)
        let content = try ToolError.wrapping(.badInput, model) {
            var builder = try ModelBuilder(reading: bytes, allowsLarge: allowLarge)
            guard builder.probe == nil, !noProbe else { return bytes.withUnsafeBytes { [UInt8](FileSignature($0).content) } }
            try builder.addProbe(allowsLarge: allowLarge)
            return builder.finish()
        }
        let signed = content + FileSignature.trailer(try signer.signature(of: Data(content)))
        try file.write(signed)
        try Console.print(singleLine("\(file.path): \(signed.count) bytes, signed"))
    }
}
