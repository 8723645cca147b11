import Foundation
import Hummingbird
import TestSupport
import Testing

@testable import SwiftletRuntime
@testable import SwiftletServer

/// Pictures in every form that is taken.
struct ClassifyTests {
    /// Labels and probabilities of a result, as text.
    private static func text(_ response: TestResponse, _ index: Int = 0) throws -> [String] {
        let results = try #require(try response.json["results"] as? [[String: Any]])
        let predictions = try #require(results[index]["predictions"] as? [[String: Any]])
        return predictions.map { "\($0["class"] ?? "") \($0["label"] ?? "") \($0["probability"] ?? "")" }
    }

    private static func expected(_ model: Model, top: Int) throws -> [String] {
        let predictions = try Classifier(model).classify(bytes: SmallJPEG.baseline.bytes, top: top)
        return predictions.map { "\($0.index) \($0.label) \($0.probability)" }
    }

    @Test func everyFormGivesTheSame() async throws {
        let fixture = try ServerFixture()
        let expected = try Self.expected(fixture.parts.models.all[0].model, top: 3)
        let form =
            "--b\r\nContent-Disposition: form-data; name=\"top\"\r\n\r\n3\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
        var formBody = ByteBuffer(string: form)
        formBody.writeImmutableBuffer(picture)
        formBody.writeString("\r\n--b--\r\n")
        let forms: [(uri: String, type: String?, body: ByteBuffer)] = [
            ("/v1/classify?top=3", "image/jpeg", picture), ("/v1/classify?top=3&model=small", nil, picture),
            ("/v1/classify", "multipart/form-data; boundary=b", formBody),
            ("/v1/classify", "application/json", ByteBuffer(string: #"{"top": 3, "image": "\#(pictureText)"}"#)),
            ("/v1/classify?version=1", nil, ByteBuffer(string: #"{"top": 3, "images": ["data:image/jpeg;base64,\#(pictureText)"]}"#)),
        ]
        try await fixture.test { client in
            for (uri, type, body) in forms {
                let headers: HTTPFields = type.map { [.contentType: $0] } ?? [:]
                try await client.execute(uri: uri, method: .post, headers: headers, body: body) { response in
                    let found = try Self.text(response)
                    #expect(found == expected)
                }
            }
        }
    }

    @Test func severalAtOnce() async throws {
        let fixture = try ServerFixture()
        let expected = try Self.expected(fixture.parts.models.all[0].model, top: 5)
        let gray = Data(SmallJPEG.gray.bytes).base64EncodedString()
        try await fixture.test { client in
            let body = #"{"images": ["\#(pictureText)", "\#(gray)", "\#(pictureText)"]}"#
            try await client.execute(uri: "/v1/classify", method: .post, body: ByteBuffer(string: body)) { response in
                let found = try (0..<3).map { try Self.text(response, $0) }
                #expect(found[0] == expected && found[1] != expected && found[2] == expected)
            }
        }
    }

    @Test func paddleClientsAreAnsweredInTheirForm() async throws {
        let fixture = try ServerFixture()
        let best = try #require(try Classifier(fixture.parts.models.all[0].model).classify(bytes: SmallJPEG.baseline.bytes, top: 1).first)
        let body = #"{"key": ["image", "image1"], "value": ["\#(pictureText)", "\#(pictureText)"]}"#
        try await fixture.test { client in
            for uri in ["/small/prediction", "/v1/classify"] {
                try await client.execute(uri: uri, method: .post, body: ByteBuffer(string: body)) { response in
                    let json = try response.json
                    #expect(response.status == .ok && json["err_no"] as? Int == 0 && json["err_msg"] as? String == "")
                    #expect(json["key"] as? [String] == ["label", "prob"])
                    let probability = "\(Float(best.probability))"
                    #expect(json["value"] as? [String] == ["['\(best.label)', '\(best.label)']", "[\(probability), \(probability)]"])
                }
            }
            try await client.execute(uri: "/other/prediction", method: .post, body: ByteBuffer(string: body)) { response in
                let json = try response.json
                #expect(response.status == .notFound && json["err_no"] as? Int == 404)
            }
            let uneven = ByteBuffer(string: #"{"key": ["image"], "value": []}"#)
            try await client.execute(uri: "/small/prediction", method: .post, body: uneven) { response in
                let json = try response.json
                #expect(response.status == .badRequest && (json["err_msg"] as? String)?.contains("pairs") == true)
            }
        }
    }

    @Test func labelsAreQuotedAsPythonDoes() {
        func value(_ label: String) -> String {
            let prediction = Prediction(index: 0, label: label, probability: 0.5)
            return PaddleAnswer([.init(predictions: [prediction], times: .init(), height: 1, width: 1)]).value[0]
        }
        #expect(value("tench, Tinca tinca") == "['tench Tinca tinca']")
        #expect(value("jack-o'-lantern") == "[\"jack-o'-lantern\"]")
        #expect(value("a\\b") == "['a\\\\b']")
        #expect(value("'\"") == "['\\'\"']")
    }

    @Test func whatCannotBeClassifiedIsNamed() async throws {
        let fixture = try ServerFixture { $0.maximumPixels = 16 * 16 }
        var wide = SmallJPEG.baseline.bytes
        let frame = try #require((0..<wide.count - 1).first { wide[$0] == 0xFF && wide[$0 + 1] == 0xC0 })
        wide[frame + 8] = 17
        let cases: [(uri: String, type: String?, body: ByteBuffer, status: HTTPResponse.Status, error: String)] = [
            ("/v1/classify", nil, ByteBuffer(), .badRequest, "no picture"),
            ("/v1/classify", nil, ByteBuffer(string: "no picture"), .badRequest, "neither a JPEG"),
            ("/v1/classify", nil, ByteBuffer(bytes: wide), .badRequest, "a picture of 272 pixels: this server takes 256"),
            ("/v1/classify?model=other", nil, picture, .notFound, "no model is called 'other'"),
            ("/v1/classify?version=2", nil, picture, .notFound, "has no version '2'"),
            ("/v1/classify?top=0", nil, picture, .badRequest, "top is 0"), ("/v1/classify?top=x", nil, picture, .badRequest, "top is 'x'"),
            ("/v1/classify", "application/json", ByteBuffer(string: #"{"image": "%"}"#), .badRequest, "picture 0: is not base64"),
            (
                "/v1/classify", "application/json", ByteBuffer(string: #"{"images": ["\#(pictureText)", "bm8="]}"#), .badRequest,
                "picture 1: "
            ),
            ("/v1/classify", "application/json", ByteBuffer(string: "{}"), .badRequest, "no picture"),
            ("/v1/classify", "multipart/form-data", picture, .badRequest, "without a boundary"),
            ("/v1/classify", "multipart/form-data; boundary=b", picture, .badRequest, "the boundary is not in the body"),
        ]
        try await fixture.test { client in
            for item in cases {
                let headers: HTTPFields = item.type.map { [.contentType: $0] } ?? [:]
                try await client.execute(uri: item.uri, method: .post, headers: headers, body: item.body) { response in
                    #expect(response.status == item.status, "\(item.error)")
                    #expect(response.error?.contains(item.error) == true, "\(response.error ?? "") has no '\(item.error)'")
                }
            }
        }
    }
}
