import SwiftletGraph

/// Why a weights file cannot be read, in one line.
public struct CheckpointError: Error, Equatable, CustomStringConvertible {
    /// Path of the file; nil for bytes without one.
    public var file: String?
    public let reason: String

    init(_ reason: String) {
        self.reason = reason
    }

    public var description: String {
        (file.map { "\($0): \(reason)" } ?? reason).onOneLine
    }
}
