import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded

@testable import SwiftletServer

/// Asks the server's router without a port or a connection.
struct TestClient {
    let responder: RouterResponder<BasicRequestContext>

    func execute<Value>(
        uri: String, method: HTTPRequest.Method, headers: HTTPFields = [:], body: ByteBuffer? = nil,
        _ check: (TestResponse) throws -> Value
    ) async throws -> Value {
        let head = HTTPRequest(method: method, scheme: nil, authority: nil, path: uri, headerFields: headers)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let context = BasicRequestContext(source: ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: logger))
        let response = try await responder.respond(to: Request(head: head, body: .init(buffer: body ?? ByteBuffer())), context: context)
        let collected = CollectedBody()
        try await response.body.write(collected)
        return try check(TestResponse(status: response.status, headers: response.headers, body: collected.bytes))
    }

    func execute(uri: String, method: HTTPRequest.Method, headers: HTTPFields = [:], body: ByteBuffer? = nil) async throws {
        try await execute(uri: uri, method: method, headers: headers, body: body) { _ in }
    }
}

/// An answer with its whole body.
struct TestResponse {
    let status: HTTPResponse.Status
    let headers: HTTPFields
    let body: ByteBuffer

    /// The body's JSON object.
    var json: [String: Any] {
        get throws { try JSONSerialization.jsonObject(with: Data(body.readableBytesView)) as? [String: Any] ?? [:] }
    }
    /// What the answer says is wrong.
    var error: String? { (try? json)?["error"] as? String }
}

private final class CollectedBody: ResponseBodyWriter {
    var bytes = ByteBuffer()

    func write(_ buffer: ByteBuffer) async throws { bytes.writeImmutableBuffer(buffer) }
    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
