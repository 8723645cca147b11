/// Says what pictures show.
///
///     let classifier = try Classifier(path: "m.slet", threads: 2)
///     for guess in try classifier.classify(path: "cat.jpg", top: 5) { print(guess.label, guess.probability) }
///
/// A classifier is for one caller at a time. To classify several pictures at once, give each thread a classifier of its own, of one model.
public final class Classifier {
    /// The model that answers; other classifiers and sessions may share it.
    public let model: Model
    private let session: Session
    /// Number of the output that answers.
    private let head: Int

    /// Threads that work on a picture: no more than there are processors.
    public var threads: Int { session.threads }

    /// Loads a `.slet` file.
    /// - Parameters:
    ///   - path: the file.
    ///   - threads: that work on one picture, 1 or more. Results do not depend on it.
    ///   - instructionSet: the best to use; nil: the best that this machine has. Results do not depend on it either.
    ///   - head: the name of the output that answers; nil: the first that is a vector.
    /// - Throws: an error that names the file, and the field that is wrong.
    public convenience init(
        path: String, threads: Int = 1, instructionSet: InstructionSet? = nil, head: String? = nil
    ) throws(SwiftletError) {
        try self.init(Model(path: path, instructionSet: instructionSet), threads: threads, head: head)
    }

    /// - Parameters:
    ///   - model: which any number of classifiers may share.
    ///   - threads: that work on one picture, 1 or more.
    ///   - head: the name of the output that answers; nil: the first that is a vector.
    /// - Throws: where the model takes no pictures or has no such vector, or memory or threads cannot be had.
    public convenience init(_ model: Model, threads: Int = 1, head: String? = nil) throws(SwiftletError) {
        try model.requirePictures()
        try self.init(model, threads: threads, head: model.head(named: head))
    }

    /// - Parameter head: number of the output that answers, a vector.
    package init(_ model: Model, threads: Int, head: Int) throws(SwiftletError) {
        (self.model, self.head) = (model, head)
        session = try Session(model, threads: threads)
    }

    /// Classifies a picture file: JPEG, PNG, or binary PPM or PGM.
    /// - Parameters:
    ///   - path: the file.
    ///   - count: how many answers, the best first; fewer where there are fewer classes.
    ///   - lenient: whether a damaged JPEG is decoded as far as it makes sense.
    /// - Throws: an error that names the file.
    public func classify(path: String, top count: Int = 5, lenient: Bool = false) throws(SwiftletError) -> [Prediction] {
        try session.setInput(path: path, lenient: lenient)
        return predictions(count)
    }

    /// Classifies the bytes of a picture file.
    /// - Parameters: as of `classify(path:top:lenient:)`.
    public func classify(bytes: UnsafeRawBufferPointer, top count: Int = 5, lenient: Bool = false) throws(SwiftletError) -> [Prediction] {
        try classify(Image.decode(bytes, lenient: lenient), top: count)
    }

    /// Classifies the bytes of a picture file.
    /// - Parameters: as of `classify(path:top:lenient:)`.
    public func classify(bytes: [UInt8], top count: Int = 5, lenient: Bool = false) throws(SwiftletError) -> [Prediction] {
        try bytes.withUnsafeBufferPointer { bytes throws(SwiftletError) in
            try classify(bytes: UnsafeRawBufferPointer(bytes), top: count, lenient: lenient)
        }
    }

    /// Classifies a picture of any size.
    public func classify(_ image: Image, top count: Int = 5) throws(SwiftletError) -> [Prediction] {
        try session.setInput(image)
        return predictions(count)
    }

    /// Classifies pixels of any size.
    /// - Parameters:
    ///   - pixels: [height][width][3], red first.
    ///   - height: rows.
    ///   - width: pixels a row.
    ///   - count: how many answers, the best first.
    public func classify(pixels: [UInt8], height: Int, width: Int, top count: Int = 5) throws(SwiftletError) -> [Prediction] {
        try classify(Image(height: height, width: width, pixels: pixels), top: count)
    }

    private func predictions(_ count: Int) -> [Prediction] {
        session.run()
        return session.predictions(count, of: head)
    }
}
