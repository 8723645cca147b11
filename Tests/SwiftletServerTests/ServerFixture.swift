import Foundation
import Hummingbird
import Logging
import NIOCore
import SwiftletRuntime
import TestSupport

@testable import SwiftletServer

/// A server with small models in a folder of its own, without a port unless a test wants one.
struct ServerFixture {
    let folder: URL
    let parts: ServerParts

    /// - Parameters:
    ///   - models: by file name; the seed makes the weights.
    ///   - change: what a test wants other than usual.
    init(_ models: [String: [UInt8]] = ["small": SmallModel.bytes()], _ change: (inout ServerSettings) -> Void = { _ in }) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "swiftlet-server-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, bytes) in models { try Data(bytes).write(to: folder.appending(path: "\(name).slet")) }
        var settings = ServerSettings(models: models.keys.sorted().map { ServerFixture.path(folder, $0) })
        settings.port = 0
        change(&settings)
        self.folder = folder
        parts = try ServerParts(settings)
    }

    func path(_ model: String) -> String { ServerFixture.path(folder, model) }

    private static func path(_ folder: URL, _ model: String) -> String { folder.appending(path: "\(model).slet").path }

    /// Asks the router without a port.
    func test<Value>(_ body: (TestClient) async throws -> Value) async throws -> Value {
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(TestClient(responder: Routes(parts).router().buildResponder()))
    }

    /// Runs the whole server on a free port.
    func withPort<Value: Sendable>(_ body: @escaping @Sendable (Int) async throws -> Value) async throws -> Value {
        defer { try? FileManager.default.removeItem(at: folder) }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let application = PictureServer.application(parts, logger: logger) { port.yield($0.localAddress?.port ?? 0) }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            defer { group.cancelAll() }
            for await number in ports { return try await body(number) }
            throw CancellationError()
        }
    }
}

/// A JPEG that the small models take.
let picture = ByteBuffer(bytes: SmallJPEG.baseline.bytes)
/// The same as text.
let pictureText = Data(SmallJPEG.baseline.bytes).base64EncodedString()
