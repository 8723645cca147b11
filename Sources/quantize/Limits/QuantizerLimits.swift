/// What a recipe may ask for as little as a command line.
enum QuantizerLimits {
    static let samples = 1...100_000
}
