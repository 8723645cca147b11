import Logging
import ServiceLifecycle
import UnixSignals

/// Loads the models again at SIGHUP.
struct ReloadService: Service {
    let models: ModelStore
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() {
            // On a thread of its own: reading and packing a model takes a while.
            let (models, logger) = (models, logger)
            await onThread { ReloadService.reload(models, logger) }
        }
    }

    static func reload(_ models: ModelStore, _ logger: Logger) {
        for (file, error) in models.reload() {
            let metadata: Logger.Metadata = ["model": "\(file.name)", "version": "\(file.version)", "file": "\(file.path)"]
            if let error {
                logger.error("model not loaded again, the old one goes on: \(error)", metadata: metadata)
            } else {
                logger.info("model loaded again", metadata: metadata)
            }
        }
    }
}
