/// What is wrong with a picture, an array file or the preprocessing asked of it, in one line.
public struct InputError: Error {
    public let message: String

    init(_ message: String) {
        self.message = message
    }
}
