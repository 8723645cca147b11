/// The version of both tools and of the library.
package enum Version {
    /// As `--version` and `bench --json` say it.
    package static var current: String { literal.withUTF8Buffer { String(decoding: $0, as: UTF8.self) } }
    /// The same as C has it.
    package static var cText: UnsafePointer<CChar> { UnsafeRawPointer(literal.utf8Start).assumingMemoryBound(to: CChar.self) }
    private static var literal: StaticString { "0.2.0" }
    /// As a .slet file's provenance names the tool that made it. A change here changes every file's bytes.
    package static let inProvenance = "0.1.0"
}
