import Foundation
import Hummingbird
import SwiftletRuntime
import TestSupport
import Testing

@testable import SwiftletServer

/// What is too much is refused, and others go on.
struct LimitTests {
    @Test func largeBodiesAreRefused() async throws {
        try await ServerFixture { $0.bodyLimit = 1_000 }.test { client in
            let body = ByteBuffer(repeating: 0x41, count: 1_001)
            for uri in ["/v1/classify", "/v2/models/small/infer"] {
                try await client.execute(uri: uri, method: .post, body: body) { response in
                    #expect(response.status == .contentTooLarge && response.error == "bodies may have 1000 bytes")
                }
            }
            try await client.execute(uri: "/small/prediction", method: .post, body: body) { response in
                #expect(response.status == .contentTooLarge)
            }
            try await client.execute(uri: "/v1/classify", method: .post, body: picture) { #expect($0.status == .ok) }
        }
    }

    @Test func allBodiesTogetherAreBounded() async throws {
        let bodies = RequestBodies(limit: 1_000, total: 1_500)
        let request = Request(
            head: .init(method: .post, scheme: nil, authority: nil, path: "/"), body: .init(buffer: ByteBuffer(repeating: 0, count: 1_000)))
        try await bodies.read(request) { first in
            #expect(first.readableBytes == 1_000)
            await #expect(throws: RequestError.self) { try await bodies.read(request) { _ in } }
        }
        try await bodies.read(request) { #expect($0.readableBytes == 1_000) }
    }

    @Test func compressedBodiesAreRefused() async throws {
        try await ServerFixture().test { client in
            try await client.execute(uri: "/v1/classify", method: .post, headers: [.contentEncoding: "gzip"], body: picture) { response in
                #expect(response.status == .unsupportedMediaType)
            }
        }
    }

    @Test func aFullQueueIsSaidAndRecovers() async throws {
        let fixture = try ServerFixture { $0.queue = 1 }
        let model = fixture.parts.models.all[0]
        try await fixture.test { client in
            let (began, goOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            async let running = model.perform(timeout: 60) { _ throws(SwiftletError) in
                began.signal()
                goOn.wait()
            }
            await onThread { began.wait() }
            async let waiting = client.execute(uri: "/v1/classify", method: .post, body: picture) { $0.status }
            while model.waiting == 0 { await Task.yield() }
            try await client.execute(uri: "/v1/classify", method: .post, body: picture) { response in
                #expect(response.status == .tooManyRequests && response.headers[.retryAfter] == "1")
            }
            try await client.execute(uri: "/metrics", method: .get) { response in
                #expect(String(buffer: response.body).contains("swiftlet_queue_length{model=\"small\",version=\"1\"} 1\n"))
            }
            goOn.signal()
            try await running
            #expect(try await waiting == .ok)
            try await client.execute(uri: "/v1/classify", method: .post, body: picture) { #expect($0.status == .ok) }
        }
    }

    @Test func whoWaitsTooLongIsTold() async throws {
        let fixture = try ServerFixture { $0.timeout = 0.01 }
        let model = fixture.parts.models.all[0]
        try await fixture.test { client in
            let (began, goOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            async let running = model.perform(timeout: 60) { _ throws(SwiftletError) in
                began.signal()
                goOn.wait()
            }
            await onThread { began.wait() }
            async let waiting = client.execute(uri: "/v1/classify", method: .post, body: picture) { $0.status }
            while model.waiting == 0 { await Task.yield() }
            try await Task.sleep(for: .milliseconds(20))
            goOn.signal()
            try await running
            #expect(try await waiting == .serviceUnavailable)
        }
    }

    @Test func slowClientsAreLeft() async throws {
        // Sends the head and never the body.
        let fixture = try ServerFixture { $0.readTimeout = 0.2 }
        try await fixture.withPort { port in
            for text in ["POST /v1/classify HTTP/1.1\r\nContent-Length: 9\r\n\r\n", "POST /v1"] {
                #expect(await onThread { SlowClient.secondsUntilClosed(port: port, sends: text) } != nil, "\(text)")
            }
        }
    }
}

/// A connection that stops in the middle of its request.
private enum SlowClient {
    /// - Returns: nil where the server has not closed it after ten seconds.
    static func secondsUntilClosed(port: Int, sends text: String) -> Double? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard connected == 0 else { return nil }
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        _ = send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL))
        let begin = ContinuousClock.now
        var byte: UInt8 = 0
        // 0: closed; below: reset, unless the patience has run out.
        while recv(descriptor, &byte, 1, 0) > 0 {}
        let seconds = begin.secondsUntilNow
        return seconds < 9 ? seconds : nil
    }
}
