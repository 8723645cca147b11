import SwiftletRuntime

/// One thread's session of a model, from a picture file's bytes to answers.
final class PictureSession {
    /// Milliseconds a stage.
    struct Times: Encodable, Sendable {
        var decode = 0.0
        /// Resizing, cropping and normalizing.
        var resize = 0.0
        var inference = 0.0
    }

    /// What a picture shows.
    struct Answer: Sendable {
        let predictions: [Prediction]
        let times: Times
        /// Of the picture as it came, in pixels.
        let (height, width): (Int, Int)
    }

    private let session: Session
    private let maximumPixels: Int
    private let stages: StageClock

    /// - Parameters:
    ///   - session: for this thread alone.
    ///   - maximumPixels: of a picture; larger ones are refused by their headers.
    ///   - stages: takes note of how long each stage takes.
    init(_ session: Session, maximumPixels: Int, stages: StageClock) {
        (self.session, self.maximumPixels, self.stages) = (session, maximumPixels, stages)
    }

    /// Classifies the bytes of a JPEG, PNG, PPM or PGM.
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - count: how many answers, the best first.
    func classify(_ bytes: UnsafeRawBufferPointer, top count: Int) throws(SwiftletError) -> Answer {
        var times = Times()
        let image = try decode(bytes, &times)
        try run(image, &times)
        let predictions = session.predictions(count, of: try session.model.head(named: nil))
        return Answer(predictions: predictions, times: times, height: image.height, width: image.width)
    }

    /// Outputs of a picture file, as the source model gives them.
    func outputs(_ numbers: [Int], ofPicture bytes: UnsafeRawBufferPointer) throws(SwiftletError) -> [[Float]] {
        var times = Times()
        try run(decode(bytes, &times), &times)
        return numbers.map { session.sourceValues(of: $0) }
    }

    /// Outputs of a tensor, [channels][height][width], as the source model gives them: the very bits of `swiftlet run`.
    func outputs(_ numbers: [Int], ofPlanes planes: UnsafeBufferPointer<Float>) throws(SwiftletError) -> [[Float]] {
        try session.setInput(planes: planes)
        _ = stages.measure(.inference) { session.run() }
        return numbers.map { session.sourceValues(of: $0) }
    }

    private func decode(_ bytes: UnsafeRawBufferPointer, _ times: inout Times) throws(SwiftletError) -> Image {
        let pixels = try Image.pixelCount(of: bytes)
        guard pixels <= maximumPixels else { throw .badInput("a picture of \(pixels) pixels: this server takes \(maximumPixels) at most") }
        let (image, milliseconds) = try stages.measure(.decode) { () throws(SwiftletError) in try Image.decode(bytes) }
        times.decode = milliseconds
        return image
    }

    private func run(_ image: Image, _ times: inout Times) throws(SwiftletError) {
        times.resize = try stages.measure(.resize) { () throws(SwiftletError) in try session.setInput(image) }.milliseconds
        times.inference = stages.measure(.inference) { session.run() }.milliseconds
    }
}
