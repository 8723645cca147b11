import Hummingbird
import HummingbirdCore

/// Pictures to classify, in any of the forms that are taken: the file itself, a form, JSON with base64, or PaddleClas' JSON.
struct ClassifyRequest {
    /// Answers a picture.
    var top = 5
    /// Nil: the first.
    var model: String?
    /// Nil: the last.
    var version: String?
    var pictures: [ByteBuffer] = []
    /// Whether the answer is to have the form of Paddle Serving.
    var isPaddle = false

    /// Pictures in one request.
    static let maximumPictures = 1_000

    /// - Parameters:
    ///   - contentType: of the body; what is neither a form nor JSON is a picture file, whatever it is called.
    ///   - query: `model`, `version` and `top`.
    init(_ body: ByteBuffer, contentType: String?, query: FlatDictionary<Substring, Substring>) throws(RequestError) {
        (model, version) = (query["model"].map { String($0) }, query["version"].map { String($0) })
        if let text = query["top"] {
            guard let number = Int(text) else { throw .badRequest("top is '\(text)', not a number") }
            top = number
        }
        let type = contentType?.lowercased() ?? ""
        if type.hasPrefix("multipart/form-data") {
            try readForm(Multipart(body, contentType: contentType!))
        } else if type.hasPrefix("application/json") || body.readableBytesView.first == UInt8(ascii: "{") {
            try readJSON(JSONBody.decode(ClassifyBody.self, from: body))
        } else if body.readableBytes > 0 {
            pictures = [body]
        }
        guard !pictures.isEmpty else { throw .badRequest("the request has no picture") }
        guard pictures.count <= ClassifyRequest.maximumPictures else { throw .badRequest("\(pictures.count) pictures are too many") }
        guard (1...1_000).contains(top) else { throw .badRequest("top is \(top), not 1 to 1000") }
    }

    /// Files are pictures, whatever their field is called; the fields `model` and `top` are options.
    private mutating func readForm(_ form: Multipart) throws(RequestError) {
        for part in form.parts {
            if part.fileName != nil {
                pictures.append(part.content)
            } else if part.name == "model" {
                model = String(buffer: part.content)
            } else if part.name == "top" {
                guard let number = Int(String(buffer: part.content)) else { throw .badRequest("the form's top is not a number") }
                top = number
            } else {
                throw .badRequest("the form's field '\(part.name)' is neither a file, model nor top")
            }
        }
    }

    private mutating func readJSON(_ body: ClassifyBody) throws(RequestError) {
        if let model = body.model { self.model = model }
        if let version = body.version { self.version = version }
        if let top = body.top { self.top = top }
        if body.key != nil || body.value != nil {
            isPaddle = true
            pictures = try PaddleRequest(key: body.key ?? [], value: body.value ?? []).pictures
            return
        }
        for (index, text) in ((body.image.map { [$0] } ?? []) + (body.images ?? [])).enumerated() {
            pictures.append(try Base64Picture.decode(text, at: "picture \(index)"))
        }
    }
}

/// The JSON of a request: base64 in `image` or `images`, or PaddleClas' `key` and `value`.
private struct ClassifyBody: Decodable {
    let image: String?
    let images: [String]?
    let model, version: String?
    let top: Int?
    let key: [String]?
    let value: [String]?
}
