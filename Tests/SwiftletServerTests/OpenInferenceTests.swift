import Foundation
import Hummingbird
import SwiftletRuntime
import TestSupport
import Testing

@testable import SwiftletServer

/// The Open Inference Protocol as its clients speak it.
struct OpenInferenceTests {
    private static let shape = [3, 17, 15]
    private static let size = 3 * 17 * 15
    /// Of so many pictures.
    private static func planes(_ pictures: Int) -> [Float] {
        var random = SplitMix64(seed: 7)
        return (0..<pictures * size).map { _ in Float(random.next() % 2_001) / 500 - 2 }
    }

    /// What `swiftlet run` writes.
    private static func expected(_ model: Model, _ output: Int, _ planes: [Float]) throws -> [Float] {
        let session = try Session(model)
        var values: [Float] = []
        for begin in stride(from: 0, to: planes.count, by: size) {
            try planes[begin..<(begin + size)].withUnsafeBufferPointer { try session.setInput(planes: $0) }
            session.run()
            values += session.sourceValues(of: output)
        }
        return values
    }

    private static func binaryBody(
        _ values: [Float], shape: [Int]? = nil, datatype: String = "FP32", name: String = "picture", extra: String = "", size: Int? = nil
    ) -> (body: ByteBuffer, headers: HTTPFields) {
        let shape = shape ?? [values.count / self.size] + self.shape
        let json = """
            {"id": "7", "inputs": [{"name": "\(name)", "datatype": "\(datatype)", "shape": \(shape), "parameters": \
            {"binary_data_size": \(size ?? values.count * 4)}}]\(extra)}
            """
        var body = ByteBuffer(string: json)
        _ = values.withUnsafeBytes { body.writeBytes($0) }
        return (body, [InferResponse.headerLength: "\(json.utf8.count)", .contentType: "application/octet-stream"])
    }

    private static func floats(_ bytes: ByteBuffer) -> [Float] {
        let bytes = Array(bytes.readableBytesView)
        return stride(from: 0, to: bytes.count, by: 4).map { index in
            Float(
                bitPattern: UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16 | UInt32(bytes[index + 3])
                    << 24)
        }
    }

    @Test func binaryIsTheSameBits() async throws {
        let fixture = try ServerFixture()
        let planes = Self.planes(3)
        let expected = try Self.expected(fixture.parts.models.all[0].model, 0, planes)
        let (body, headers) = Self.binaryBody(planes, extra: #", "parameters": {"binary_data_output": true}"#)
        try await fixture.test { client in
            try await client.execute(uri: "/v2/models/small/infer", method: .post, headers: headers, body: body) { response in
                #expect(response.status == .ok)
                var rest = response.body
                let length = try #require(response.headers[InferResponse.headerLength].flatMap { Int($0) })
                let header = rest.readBytes(length: length) ?? []
                let json = try #require(try JSONSerialization.jsonObject(with: Data(header)) as? [String: Any])
                #expect(json["model_name"] as? String == "small" && json["model_version"] as? String == "1" && json["id"] as? String == "7")
                let output = try #require((json["outputs"] as? [[String: Any]])?.first)
                #expect(output["shape"] as? [Int] == [3, 10] && output["datatype"] as? String == "FP32")
                #expect((output["parameters"] as? [String: Int])?["binary_data_size"] == 120)
                #expect(Self.floats(rest).map(\.bitPattern) == expected.map(\.bitPattern))
            }
        }
    }

    @Test func jsonIsTheSameBits() async throws {
        let fixture = try ServerFixture()
        let planes = Self.planes(1)
        let expected = try Self.expected(fixture.parts.models.all[0].model, 0, planes)
        let nested =
            "[[\(planes[..<300].map { "\($0)" }.joined(separator: ",")) ], [\(planes[300...].map { "\($0)" }.joined(separator: ","))]]"
        try await fixture.test { client in
            for data in [planes.description, nested] {
                let body = #"{"inputs": [{"name": "picture", "datatype": "FP32", "shape": [1, 3, 17, 15], "data": \#(data)}]}"#
                try await client.execute(uri: "/v2/models/small/versions/1/infer", method: .post, body: ByteBuffer(string: body)) {
                    response in
                    #expect(response.status == .ok && response.headers[InferResponse.headerLength] == nil)
                    let output = try #require((try response.json["outputs"] as? [[String: Any]])?.first)
                    let values = try #require(output["data"] as? [Double])
                    #expect(values.map { Float($0).bitPattern } == expected.map(\.bitPattern))
                }
            }
        }
    }

    @Test func severalOutputsAreChosenByName() async throws {
        let fixture = try ServerFixture(["several": SmallModel.withSeveralOutputs().finish()])
        let planes = Self.planes(1)
        let model = fixture.parts.models.all[0].model
        let gate = try Self.expected(model, try #require(model.output(named: "gate")), planes)
        let outputs = #", "outputs": [{"name": "gate", "parameters": {"binary_data": true}}, {"name": "logits"}]"#
        let (body, headers) = Self.binaryBody(planes, extra: outputs)
        try await fixture.test { client in
            try await client.execute(uri: "/v2/models/several", method: .get) { response in
                let names = (try response.json["outputs"] as? [[String: Any]])?.map { $0["name"] as? String }
                #expect(names == ["map", "logits", "early", "gate"])
            }
            try await client.execute(uri: "/v2/models/several/infer", method: .post, headers: headers, body: body) { response in
                var rest = response.body
                let json = rest.readString(length: try #require(Int(response.headers[InferResponse.headerLength] ?? "")))
                #expect(json?.contains("\"data\":[") == true)
                #expect(Self.floats(rest).map(\.bitPattern) == gate.map(\.bitPattern))
            }
        }
    }

    @Test func encodedPicturesAreTaken() async throws {
        let fixture = try ServerFixture()
        let session = try Session(fixture.parts.models.all[0].model)
        try session.setInput(SmallJPEG.baseline.bytes.withUnsafeBytes { try Image.decode($0) })
        session.run()
        let expected = session.sourceValues(of: 0)
        var values = ByteBuffer()
        values.writeInteger(UInt32(picture.readableBytes), endianness: .little)
        values.writeImmutableBuffer(picture)
        let json = """
            {"inputs": [{"name": "picture", "datatype": "BYTES", "shape": [1], \
            "parameters": {"binary_data_size": \(values.readableBytes)}}], "parameters": {"binary_data_output": true}}
            """
        let body = ByteBuffer(string: json + "").appending(values)
        try await fixture.test { client in
            let headers: HTTPFields = [InferResponse.headerLength: "\(json.utf8.count)"]
            try await client.execute(uri: "/v2/models/small/infer", method: .post, headers: headers, body: body) { response in
                var rest = response.body
                rest.moveReaderIndex(forwardBy: try #require(Int(response.headers[InferResponse.headerLength] ?? "")))
                #expect(Self.floats(rest).map(\.bitPattern) == expected.map(\.bitPattern))
            }
        }
    }

    @Test func whatDoesNotFitIsNamed() async throws {
        let fixture = try ServerFixture()
        let planes = Self.planes(1)
        let json = { (input: String) in (ByteBuffer(string: "{\"inputs\": [\(input)]}"), HTTPFields()) }
        let cases: [(request: (body: ByteBuffer, headers: HTTPFields), error: String)] = [
            (Self.binaryBody(planes, name: "x"), "unexpected input 'x'"),
            (Self.binaryBody(planes, datatype: "FP64"), "datatype 'FP64'"),
            (Self.binaryBody(planes, shape: [1, 17, 15, 3]), "takes [-1, 3, 17, 15]"),
            (Self.binaryBody(planes, shape: [0, 3, 17, 15]), "has shape [0"),
            (Self.binaryBody(planes, shape: [2, 3, 17, 15]), "has 3060 bytes"),
            (Self.binaryBody(planes, shape: [Int.max, 3, 17, 15]), "too many values"),
            (Self.binaryBody(planes, size: 12), "binary_data_size is 12"),
            (Self.binaryBody(Array(planes.dropLast()) + [.nan], shape: [1, 3, 17, 15]), "not finite"),
            (Self.binaryBody(planes, extra: #", "outputs": [{"name": "y"}]"#), "unexpected output 'y'"),
            ((ByteBuffer(string: "{}"), [InferResponse.headerLength: "3"]), "Inference-Header-Content-Length"),
            ((ByteBuffer(string: "{}"), [InferResponse.headerLength: "-1"]), "Inference-Header-Content-Length"),
            ((ByteBuffer(string: "{}"), [:]), "'inputs' is missing"),
            ((ByteBuffer(string: "no"), [:]), "JSON"),
            (json(""), "takes 1 input"),
            (json(#"{"name": "picture", "datatype": "FP32", "shape": [1, 3, 17, 15]}"#), "neither data nor"),
            (json(#"{"name": "picture", "datatype": "FP32", "shape": [1, 3, 17, 15], "data": [1]}"#), "has 1 values"),
            (json(#"{"name": "picture", "datatype": "FP32", "shape": "all"}"#), "inputs[0].shape"),
            (json(#"{"name": "picture", "datatype": "FP32", "shape": [1, 3, 17, 15], "data": ["1"]}"#), "JSON"),
        ]
        try await fixture.test { client in
            for (request, error) in cases {
                try await client.execute(uri: "/v2/models/small/infer", method: .post, headers: request.headers, body: request.body) {
                    response in
                    #expect(response.status == .badRequest)
                    #expect(response.error?.contains(error) == true, "\(response.error ?? "") has no '\(error)'")
                }
            }
        }
    }

    @Test func namesAndVersions() async throws {
        try await ServerFixture { $0.models += $0.models }.test { client in
            try await client.execute(uri: "/v2/models/small", method: .get) { response in
                let json = try response.json
                #expect(json["versions"] as? [String] == ["1", "2"])
                #expect((json["inputs"] as? [[String: Any]])?.first?["shape"] as? [Int] == [-1, 3, 17, 15])
            }
            for (uri, status) in [
                ("/v2", HTTPResponse.Status.ok), ("/v2/health/live", .ok), ("/v2/health/ready", .ok), ("/v2/models/small/ready", .ok),
                ("/v2/models/small/versions/2/ready", .ok), ("/v2/models/small/versions/3/ready", .notFound),
                ("/v2/models/other/ready", .notFound), ("/v2/models/..%2fsmall", .notFound), ("/v2/models/%00", .notFound),
                ("/v3", .notFound), ("/v2/models/small/infer", .methodNotAllowed),
            ] {
                try await client.execute(uri: uri, method: .get) { response in
                    #expect(response.status == status, "\(uri)")
                    #expect((response.error == nil) == (status == .ok), "\(uri)")
                }
            }
        }
    }
}

extension ByteBuffer {
    fileprivate func appending(_ other: ByteBuffer) -> ByteBuffer {
        var all = self
        all.writeImmutableBuffer(other)
        return all
    }
}
