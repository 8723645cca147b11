import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import SwiftletRuntime

/// An HTTP server that classifies pictures with loaded models.
public struct PictureServer {
    /// Loads the models and serves them until SIGTERM or SIGINT; SIGHUP loads them again.
    /// - Throws: `SwiftletError` where a model cannot be used, and what the system refuses, such as the port.
    public static func run(_ settings: ServerSettings, logger: Logger) async throws {
        let descriptors = FileDescriptors.raiseLimit()
        var settings = settings
        settings.connections = max(1, min(settings.connections, descriptors - FileDescriptors.reserved))
        let parts = try ServerParts(settings)
        for model in parts.models.all {
            logger.info("model loaded", metadata: ["model": "\(model.name)", "version": "\(model.version)", "file": "\(model.path)"])
        }
        logger.info("limits", metadata: ["connections": "\(settings.connections)", "sessions": "\(settings.sessions)"])
        // Services stop in the opposite order: first readiness is taken back, last the server closes.
        let services: [any Service] = [
            application(parts, logger: logger), ReloadService(models: parts.models, logger: logger),
            DrainService(state: parts.state, seconds: settings.drain, logger: logger),
        ]
        try await ServiceGroup(
            configuration: .init(services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: Logger(label: "services"))
        ).run()
        logger.info("stopped", metadata: ["requests": "\(parts.state.requests)"])
    }

    /// The server without its signals.
    /// - Parameter onRunning: is told the channel that listens.
    static func application(
        _ parts: ServerParts, logger: Logger, onRunning: @escaping @Sendable (any Channel) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        let settings = parts.settings
        var configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuard(timeout: settings.readTimeout, state: parts.state)],
            idleTimeout: .nanoseconds(Int64(settings.idleTimeout * 1e9)))
        configuration.httpDecoder = .init(maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100)
        return Application(
            responder: Routes(parts).router().buildResponder(),
            server: .http1(configuration: configuration),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: "swiftlet-server", backlog: 4_096,
                availableConnectionsDelegate: .maximum(settings.connections, logger: logger)),
            onServerRunning: onRunning, logger: logger)
    }
}
