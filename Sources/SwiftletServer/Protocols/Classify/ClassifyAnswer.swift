import SwiftletRuntime

/// What pictures show, with the milliseconds that it took.
struct ClassifyAnswer: Encodable {
    struct Picture: Encodable {
        struct Guess: Encodable {
            /// Counted from 0 as the model counts.
            let `class`: Int
            let label: String
            let probability: Double
        }

        let width, height: Int
        let predictions: [Guess]
        let ms: PictureSession.Times
    }

    let model, version: String
    let results: [Picture]
    /// From the request's head to the answer, waiting included.
    let ms: Double

    init(_ served: ServedModel, _ answers: [PictureSession.Answer], milliseconds: Double) {
        (model, version, ms) = (served.name, served.version, milliseconds)
        results = answers.map { answer in
            Picture(
                width: answer.width, height: answer.height,
                predictions: answer.predictions.map { .init(class: $0.index, label: $0.label, probability: $0.probability) },
                ms: answer.times)
        }
    }
}
