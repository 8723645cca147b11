import HTTPTypes
import Hummingbird

/// PaddleClas' request to Paddle Serving: `{"key": ["image"], "value": [base64]}`.
struct PaddleRequest {
    let pictures: [ByteBuffer]

    /// - Parameters:
    ///   - key: a name for each picture.
    ///   - value: its file as base64.
    init(key: [String], value: [String]) throws(RequestError) {
        guard key.count == value.count, !key.isEmpty else {
            throw .badRequest("key and value have \(key.count) and \(value.count) elements: they are pairs, one a picture")
        }
        var pictures: [ByteBuffer] = []
        for (index, text) in value.enumerated() { pictures.append(try Base64Picture.decode(text, at: "value[\(index)]")) }
        self.pictures = pictures
    }
}

/// Paddle Serving's answer as PaddleClas' clients read it: a number for the error, and lists as Python prints them.
struct PaddleAnswer: Encodable {
    /// 0, or the status.
    let number: Int
    let message: String
    let key: [String]
    let value: [String]
    let tensors: [Int] = []

    private enum CodingKeys: String, CodingKey {
        case number = "err_no"
        case message = "err_msg"
        case key, value, tensors
    }

    /// The best answer a picture.
    init(_ answers: [PictureSession.Answer]) {
        let best = answers.compactMap(\.predictions.first)
        // As PaddleClas' service has it, a label has no commas.
        let labels = best.map { PaddleAnswer.quoted($0.label.replacing(",", with: "")) }
        (number, message, key) = (0, "", ["label", "prob"])
        value = ["[\(labels.joined(separator: ", "))]", "[\(best.map { "\(Float($0.probability))" }.joined(separator: ", "))]"]
    }

    /// What went wrong; the status says it too.
    init(_ error: RequestError) {
        (number, message, key, value) = (error.status.code, error.message, [], [])
    }

    func response(_ status: HTTPResponse.Status = .ok) -> Response { .json(self, status: status) }

    /// A string as Python's `repr` has it.
    private static func quoted(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\")
        return text.contains("'") && !text.contains("\"") ? "\"\(escaped)\"" : "'\(escaped.replacing("'", with: "\\'"))'"
    }
}

/// `POST /NAME/prediction`, as a client of Paddle Serving's web service calls it.
struct PaddleHandler {
    let parts: ServerParts

    func respond(_ request: Request, _ name: String) async throws -> Response {
        do {
            return try await parts.bodies.read(request) { body in
                let asked = try JSONBody.decode(Body.self, from: body)
                let pictures = try PaddleRequest(key: asked.key, value: asked.value).pictures
                return PaddleAnswer(try await parts.classify(pictures, top: 1, with: parts.models.model(name))).response()
            }
        } catch let error as RequestError {
            var response = PaddleAnswer(error).response(error.status)
            if let seconds = error.retryAfter { response.headers[.retryAfter] = "\(seconds)" }
            return response
        }
    }

    private struct Body: Decodable {
        let key: [String]
        let value: [String]
    }
}
