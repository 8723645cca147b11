import HTTPTypes
import Hummingbird
import SwiftletRuntime

/// `POST /v1/classify`: pictures in, labels out.
struct ClassifyHandler {
    let parts: ServerParts

    func respond(_ request: Request) async throws -> Response {
        let begin = ContinuousClock.now
        return try await parts.bodies.read(request) { body in
            let asked = try ClassifyRequest(body, contentType: request.headers[.contentType], query: request.uri.queryParameters)
            let served = try parts.models.model(asked.model, version: asked.version)
            let answers = try await parts.classify(asked.pictures, top: asked.top, with: served)
            if asked.isPaddle { return PaddleAnswer(answers).response() }
            return .json(ClassifyAnswer(served, answers, milliseconds: begin.secondsUntilNow * 1_000))
        }
    }
}

extension ServerParts {
    /// Classifies pictures one after another on one session of the model.
    /// - Throws: a bad request that names the first picture that cannot be used.
    func classify(_ pictures: [ByteBuffer], top count: Int, with served: ServedModel) async throws -> [PictureSession.Answer] {
        let answers = try await served.perform(timeout: settings.timeout) { session throws(SwiftletError) in
            var answers: [PictureSession.Answer] = []
            for (index, picture) in pictures.enumerated() {
                do throws(SwiftletError) {
                    answers.append(
                        try picture.withBytes { bytes throws(SwiftletError) in try session.classify(bytes, top: count) })
                } catch {
                    throw pictures.count == 1 ? error : error.about("picture \(index)")
                }
            }
            return answers
        }
        metrics.count(.pictures, [("model", served.name)], by: pictures.count)
        return answers
    }
}

extension ByteBuffer {
    /// Hands over the readable bytes, valid during the call.
    func withBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws(SwiftletError) -> Result
    ) throws(SwiftletError) -> Result {
        let result: Swift.Result<Result, SwiftletError> = withUnsafeReadableBytes { bytes in
            do throws(SwiftletError) { return .success(try body(bytes)) } catch { return .failure(error) }
        }
        return try result.get()
    }
}
