import Logging
import ServiceLifecycle

/// Between the signal to stop and the end: is no longer ready, goes on answering, and asks clients to close their connections.
struct DrainService: Service {
    let state: ServerState
    let seconds: Double
    let logger: Logger

    func run() async throws {
        try? await gracefulShutdown()
        state.isDraining = true
        logger.info("stopping", metadata: ["drain": "\(seconds)", "connections": "\(state.connections)"])
        try? await Task.sleep(for: .seconds(seconds))
    }
}
