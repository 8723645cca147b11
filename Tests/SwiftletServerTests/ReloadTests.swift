import Foundation
import Logging
import SwiftletRuntime
import TestSupport
import Testing

@testable import SwiftletServer

/// Models are replaced while they are used.
struct ReloadTests {
    private static func classify(_ client: TestClient) async throws -> String {
        try await client.execute(uri: "/v1/classify", method: .post, body: picture) { response in
            #expect(response.status == .ok)
            let results = try response.json["results"] as? [[String: Any]]
            let predictions = results?.first?["predictions"] as? [[String: Any]] ?? []
            return predictions.map { "\($0["class"] ?? "") \($0["probability"] ?? "")" }.joined(separator: ", ")
        }
    }

    @Test func aNewFileTakesTheOldOnesPlace() async throws {
        let fixture = try ServerFixture()
        try await fixture.test { client in
            let before = try await Self.classify(client)
            try Data(SmallModel.bytes(seed: 2)).write(to: URL(fileURLWithPath: fixture.path("small")))
            #expect(try await Self.classify(client) == before)
            #expect(fixture.parts.models.reload().map { $0.error?.description } == [nil])
            #expect(try await Self.classify(client) != before)
        }
    }

    @Test func aDamagedFileChangesNothing() async throws {
        let fixture = try ServerFixture()
        try await fixture.test { client in
            let before = try await Self.classify(client)
            try Data("no model".utf8).write(to: URL(fileURLWithPath: fixture.path("small")))
            let errors = fixture.parts.models.reload().map { $0.error?.description ?? "" }
            #expect(errors.count == 1 && errors[0].contains("small.slet: not a .slet file"))
            #expect(try await Self.classify(client) == before)
            let metrics = fixture.parts.metrics.text([])
            #expect(metrics.contains("swiftlet_reloads_total{model=\"small\",result=\"refused\"} 1\n"))
        }
    }

    @Test func requestsUnderWayKeepTheirModel() async throws {
        let fixture = try ServerFixture()
        let (began, goOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        weak var weakModel: ServedModel?
        do {
            let old = fixture.parts.models.all[0]
            weakModel = old
            async let running = old.perform(timeout: 60) { session throws(SwiftletError) in
                began.signal()
                goOn.wait()
                return try SmallJPEG.baseline.bytes.withUnsafeBufferPointer { bytes throws(SwiftletError) in
                    try session.classify(UnsafeRawBufferPointer(bytes), top: 1).predictions.count
                }
            }
            async let waiting = old.perform(timeout: 60) { _ throws(SwiftletError) in 7 }
            await onThread { began.wait() }
            #expect(fixture.parts.models.reload().allSatisfy { $0.error == nil })
            goOn.signal()
            #expect(try await running == 1)
            #expect(try await waiting == 7)
        }
        #expect(weakModel == nil)
        try await fixture.test { client in _ = try await Self.classify(client) }
    }

    @Test func filesAreNamedByTheirStems() throws {
        let files = try ModelFile.list(["a/m.slet", "b/m.slet", "n.v2.slet"])
        #expect(files.map(\.name) == ["m", "m", "n.v2"] && files.map(\.version) == ["1", "2", "1"])
    }
}
