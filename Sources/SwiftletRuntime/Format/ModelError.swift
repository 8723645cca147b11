/// What is wrong with a model file, in one line that names the field.
public struct ModelError: Error {
    public let message: String
    /// All that is wrong is how long the model would run: `allowsLarge` lets it.
    public let isAboutWork: Bool

    init(_ message: String, isAboutWork: Bool = false) {
        self.message = message
        self.isAboutWork = isAboutWork
    }
}
