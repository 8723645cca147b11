import Foundation
import Hummingbird
import TestSupport
import Testing

@testable import SwiftletServer

/// Keys, methods, and what is told without them.
struct AccessTests {
    @Test func keysAreAskedFor() async throws {
        try await ServerFixture { $0.keys = ["first", "second"] }.test { client in
            for uri in ["/", "/openapi.json", "/v2/health/live", "/v2/health/ready"] {
                try await client.execute(uri: uri, method: .get) { #expect($0.status == .ok, "\(uri)") }
            }
            for (header, status) in [
                (nil, HTTPResponse.Status.unauthorized), ("Bearer third", .unauthorized), ("Bearer firs", .unauthorized),
                ("Bearer firstx", .unauthorized), ("Bearer ", .unauthorized), ("Basic first", .unauthorized), ("first", .unauthorized),
                ("Bearer first", .ok), ("bearer second", .ok),
            ] {
                let headers: HTTPFields = header.map { [.authorization: $0] } ?? [:]
                for uri in ["/v1/models", "/v2", "/metrics", "/v2/models/small"] {
                    try await client.execute(uri: uri, method: .get, headers: headers) { response in
                        #expect(response.status == status, "\(header ?? "none") at \(uri)")
                        #expect((response.headers[.wwwAuthenticate] == "Bearer") == (status == .unauthorized))
                    }
                }
            }
        }
    }

    @Test func textsAreEqualOrNot() {
        for (left, right, equal) in [
            ("", "", true), ("a", "a", true), ("a", "b", false), ("a", "", false), ("", "a", false), ("ab", "a", false),
        ] {
            #expect(areEqualInConstantTime(Array(left.utf8), Array(right.utf8)) == equal)
        }
    }

    @Test func otherMethodsAreRefused() async throws {
        try await ServerFixture().test { client in
            try await client.execute(uri: "/v1/classify", method: .get) { response in
                #expect(response.status == .methodNotAllowed && response.headers[.allow] == "POST")
            }
            try await client.execute(uri: "/v2", method: .delete) { response in
                #expect(response.status == .methodNotAllowed && response.headers[.allow] == "GET, HEAD")
            }
            try await client.execute(uri: "/v2/health/live", method: .head) { #expect($0.status == .ok) }
        }
    }

    @Test func readinessEndsWithTheSignal() async throws {
        let fixture = try ServerFixture()
        try await fixture.test { client in
            fixture.parts.state.isDraining = true
            try await client.execute(uri: "/v2/health/ready", method: .get) { #expect($0.status == .serviceUnavailable) }
            try await client.execute(uri: "/v1/classify", method: .post, body: picture) { response in
                #expect(response.status == .ok && response.headers[.connection] == "close")
            }
        }
    }
}

/// What the server says of itself.
struct ObservationTests {
    @Test func metricsCount() async throws {
        try await ServerFixture().test { client in
            try await client.execute(uri: "/v1/classify", method: .post, body: picture)
            try await client.execute(uri: "/nowhere/at/all", method: .get)
            try await client.execute(uri: "/metrics", method: .get) { response in
                let text = String(buffer: response.body)
                #expect(text.contains("swiftlet_requests_total{route=\"/v1/classify\",status=\"200\"} 1\n"))
                #expect(text.contains("swiftlet_requests_total{route=\"NotFound\",status=\"404\"} 1\n"))
                #expect(text.contains("swiftlet_pictures_total{model=\"small\"} 1\n"))
                for stage in ["queue", "decode", "resize", "inference"] {
                    #expect(text.contains("swiftlet_stage_seconds_count{model=\"small\",stage=\"\(stage)\"} 1\n"))
                }
                #expect(text.contains("# TYPE swiftlet_stage_seconds histogram\n"))
            }
        }
    }

    @Test func histogramsAddUp() {
        var histogram = Histogram()
        for seconds in [0.0001, 0.0005, 0.3, 99] { histogram.add(seconds) }
        let lines = histogram.text("t", "a=\"b\"").split(separator: "\n")
        #expect(lines.first == "t_bucket{a=\"b\",le=\"0.0005\"} 2" && lines.contains("t_bucket{a=\"b\",le=\"0.5\"} 3"))
        #expect(lines.suffix(3) == ["t_bucket{a=\"b\",le=\"+Inf\"} 4", "t_sum{a=\"b\"} 99.3006", "t_count{a=\"b\"} 4"])
    }

    @Test func traceParents() {
        let (trace, span) = (String(repeating: "a", count: 32), String(repeating: "1", count: 16))
        let parent = TraceParent("00-\(trace)-\(span)-01")
        #expect(parent?.traceID == trace && parent?.spanID == span)
        let zeros = String(repeating: "0", count: 32)
        for header in [
            nil, "", "00-\(trace)-\(span)", "ff-\(trace)-\(span)-01", "00-\(zeros)-\(span)-01", "00-\(trace.uppercased())-\(span)-01",
        ] {
            #expect(TraceParent(header) == nil)
        }
    }

    @Test func thePageAndTheDescriptionAreWhole() async throws {
        let fixture = try ServerFixture(["a": SmallModel.bytes(), "b": SmallModel.bytes(seed: 2)])
        let addresses = Set(Routes(fixture.parts).all.map { $0.path.replacing(#/:(\w+)/#) { "{\($0.output.1)}" } })
        try await fixture.test { client in
            try await client.execute(uri: "/", method: .get) { response in
                let page = String(buffer: response.body)
                #expect(page.hasSuffix("</html>\n") && !page.contains("http://") && !page.contains("https://"))
                #expect(response.headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
            }
            try await client.execute(uri: "/v1/models", method: .get) { response in
                let cards = try JSONSerialization.jsonObject(with: Data(response.body.readableBytesView)) as? [[String: Any]]
                #expect(cards?.map { $0["name"] as? String } == ["a", "b"] && cards?.first?["precision"] as? String == "int8")
            }
            try await client.execute(uri: "/openapi.json", method: .get) { response in
                // Every address that is described is there, and none is missing.
                let described = Set(try #require(try response.json["paths"] as? [String: Any]).keys)
                #expect(described == addresses)
            }
        }
    }
}
