/// Why something could not be done, in one line that names the file or the field.
public struct SwiftletError: Error, CustomStringConvertible, Sendable {
    /// What sort of thing is wrong, for a program to decide by.
    public enum Kind: Sendable {
        /// A file cannot be read, is damaged, asks for too much, or is of another kind than the one that is needed.
        case badFile
        /// All that is wrong with a model is how long its runs would be; `allowsLarge` takes it all the same.
        case tooMuchWork
        /// What the caller passed does not fit: a size, a number, settings.
        case badInput
        /// This machine or this version of the library cannot do it.
        case unsupported
        /// Memory ran out. Nothing that was allocated on the way is lost.
        case outOfMemory
        /// The operating system refused something else, such as another thread.
        case system
    }

    /// The sort of thing that is wrong.
    public let kind: Kind
    /// As `description`, but names out of files may still hold line ends and control characters.
    package let message: String

    /// One line, without a full stop.
    public var description: String { singleLine(message) }

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    package static func badFile(_ message: String) -> SwiftletError { SwiftletError(.badFile, message) }
    package static func badInput(_ message: String) -> SwiftletError { SwiftletError(.badInput, message) }
    package static func unsupported(_ message: String) -> SwiftletError { SwiftletError(.unsupported, message) }

    /// - Parameters:
    ///   - bytes: how many could not be had.
    ///   - purpose: what they are for.
    package static func outOfMemory(_ bytes: Int, for purpose: String) -> SwiftletError {
        SwiftletError(.outOfMemory, "no memory for \(purpose) (\(bytes) bytes)")
    }

    /// - Parameter what: what the number is, for the error.
    /// - Throws: bad input where a number that the caller gives is out of its range.
    package static func require(_ value: Int, in range: ClosedRange<Int>, _ what: String) throws(SwiftletError) {
        guard range.contains(value) else {
            let allowed = range.lowerBound == range.upperBound ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
            throw .badInput("\(what) is \(value), not \(allowed)")
        }
    }

    /// The same error with what it is about before it, such as a file's name.
    package func about(_ subject: String) -> SwiftletError {
        SwiftletError(kind, "\(subject): \(message)")
    }
}
