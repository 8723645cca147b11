/// What is wrong with a model file, in one line that names the field.
public struct ModelError: Error {
    public let message: String

    init(_ message: String) {
        self.message = message
    }
}
