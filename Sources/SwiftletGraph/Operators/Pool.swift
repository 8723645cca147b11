/// A pool over a window.
package struct Pool: Sendable, Equatable {
    package enum Kind: Sendable { case max, average }
    package var kind: Kind
    package var window: Window
    /// Average: divide by the whole window, padding included.
    package var countsPadding: Bool

    package init(kind: Kind, window: Window, countsPadding: Bool) {
        self.kind = kind
        self.window = window
        self.countsPadding = countsPadding
    }
}
