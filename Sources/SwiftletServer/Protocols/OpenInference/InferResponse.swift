import HTTPTypes
import Hummingbird

/// The answer to an inference request: JSON, and after it the values of outputs that are wanted in binary.
struct InferResponse {
    /// An output's values for all pictures.
    struct Output {
        let name: String
        let shape: [Int]
        let values: [Float]
        let isBinary: Bool
    }

    /// The length of the JSON where something stands after it.
    static let headerLength = HTTPField.Name("Inference-Header-Content-Length")!

    let model: ServedModel
    let id: String?
    let outputs: [Output]

    func response() -> Response {
        var body = JSONBody.encode(header)
        guard outputs.contains(where: \.isBinary) else { return .json(buffer: body) }
        let length = body.readableBytes
        for output in outputs where output.isBinary {
            output.values.withUnsafeBytes { _ = body.writeBytes($0) }
        }
        return Response(
            status: .ok, headers: [.contentType: "application/octet-stream", InferResponse.headerLength: "\(length)"],
            body: ResponseBody(byteBuffer: body))
    }

    private var header: Header {
        Header(
            name: model.name, version: model.version, id: id,
            outputs: outputs.map { output in
                Header.Output(
                    name: output.name, datatype: "FP32", shape: output.shape,
                    parameters: output.isBinary ? ["binary_data_size": output.values.count * MemoryLayout<Float>.size] : nil,
                    data: output.isBinary ? nil : output.values)
            })
    }

    /// As the protocol names it.
    private struct Header: Encodable {
        struct Output: Encodable {
            let name, datatype: String
            let shape: [Int]
            let parameters: [String: Int]?
            let data: [Float]?
        }

        let name, version: String
        let id: String?
        let outputs: [Output]

        private enum CodingKeys: String, CodingKey {
            case name = "model_name"
            case version = "model_version"
            case id, outputs
        }
    }
}
