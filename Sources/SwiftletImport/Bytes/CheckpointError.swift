import SwiftletGraph

/// Why a weights file cannot be read, in one line.
package struct CheckpointError: Error, Equatable, CustomStringConvertible {
    /// Path of the file; nil for bytes without one.
    package var file: String?
    package let reason: String

    init(_ reason: String) {
        self.reason = reason
    }

    package var description: String {
        (file.map { "\($0): \(reason)" } ?? reason).onOneLine
    }
}
