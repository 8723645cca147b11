/// A file that no importer takes.
package struct UnknownFormat: Error, Equatable, CustomStringConvertible {
    package let file: String
    /// What it looks like, and what to do.
    package let reason: String

    init(_ file: String, _ reason: String) { (self.file, self.reason) = (file, reason) }

    package var description: String { "\(file): \(reason)".onOneLine }
}
