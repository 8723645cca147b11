internal import CPlatform
internal import CSwiftlet
internal import SwiftletRuntime

/// What the C functions tell of an error: text and code of this thread, until its next failure.
enum Failure {
    /// Stores why a function of this thread failed.
    static func report(_ error: SwiftletError) {
        var code: UnsafeMutablePointer<Int32>?
        guard let text = sp_thread_text(&code) else { return }
        code?.pointee = Int32(bitPattern: error.kind.code.rawValue)
        // Not longer than `singleLine` makes lines.
        var length = 0
        for byte in error.description.utf8 where length < SP_THREAD_TEXT_BYTES - 1 {
            text[length] = CChar(bitPattern: byte)
            length += 1
        }
        text[length] = 0
    }

    /// What `body` gives; `failed` where it throws, and the error is then this thread's last.
    @inline(__always)
    static func reporting<Result>(_ failed: Result, _ body: () throws(SwiftletError) -> Result) -> Result {
        do throws(SwiftletError) {
            return try body()
        } catch {
            report(error)
            return failed
        }
    }
}

extension SwiftletError.Kind {
    fileprivate var code: swiftlet_error {
        switch self {
        case .badFile: SWIFTLET_BAD_FILE
        case .tooMuchWork: SWIFTLET_TOO_MUCH_WORK
        case .badInput: SWIFTLET_BAD_INPUT
        case .unsupported: SWIFTLET_UNSUPPORTED
        case .outOfMemory: SWIFTLET_OUT_OF_MEMORY
        case .system: SWIFTLET_SYSTEM
        }
    }
}
