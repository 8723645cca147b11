import Foundation
import SwiftletRuntime
import Synchronization

/// A bar with the time left on a terminal; elsewhere nothing but a line at the end.
final class ProgressBar: Sendable {
    private let title: String
    private let started = ContinuousClock.now
    private let isShown = Console.isTerminal
    private let shown = Mutex<ContinuousClock.Instant?>(nil)

    init(_ title: String) {
        self.title = title
    }

    /// - Parameters:
    ///   - share: of the work, 0 to 1.
    ///   - what: comes next.
    func update(_ share: Double, _ what: String) {
        guard isShown else { return }
        let now = ContinuousClock.now
        let isDue = shown.withLock { last in
            if let last, now - last < .milliseconds(100), share < 1 { return false }
            last = now
            return true
        }
        guard isDue else { return }
        let width = 30
        let filled = Int(Double(width) * min(max(share, 0), 1))
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        let left = share > 0.02 ? String(format: "%3.0f s left", seconds * (1 - share) / share) : ""
        let next = singleLine(String(what.prefix(30)))
        Console.write("\r\(title) [\(bar)] \(String(format: "%3.0f %%", share * 100)) \(left)  \(next)\u{1B}[K")
    }

    func finish() {
        if isShown { Console.write("\r\u{1B}[K") }
        Console.error("\(title): \(String(format: "%.1f s", seconds))")
    }

    var seconds: Double {
        (ContinuousClock.now - started) / .seconds(1)
    }
}
