/// A model, or an operator of one, that has no form in another format.
package struct ExportError: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }

    init(operation: String, _ what: String) {
        description = "operator \(operation): \(what)"
    }
}
