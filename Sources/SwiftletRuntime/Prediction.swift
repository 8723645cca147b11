/// One answer to what a picture shows.
public struct Prediction: Sendable {
    /// The class, counted from 0 as the model counts.
    public let index: Int
    /// The name of the class; `class N` where the model has no names.
    public let label: String
    /// In [0, 1]; those of all classes sum to 1, unless each class is a question of its own (a sigmoid).
    public let probability: Double
}
