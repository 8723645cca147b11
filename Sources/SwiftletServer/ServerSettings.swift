import SwiftletRuntime

/// What the command line decides.
public struct ServerSettings: Sendable {
    /// `.slet` files, at least one.
    public var models: [String]
    public var host = "127.0.0.1"
    /// 0: any that is free.
    public var port = 8080
    /// That work on one picture.
    public var threads = 1
    /// A model's pictures that are worked on at once.
    public var sessions = 1
    /// Requests that wait for a model's sessions; more are refused.
    public var queue = 128
    /// Seconds that a request waits for a session.
    public var timeout = 30.0
    /// Bytes of one body.
    public var bodyLimit = 32 << 20
    /// Bytes of all bodies that are in memory.
    public var bodyMemory = 512 << 20
    /// Pixels of one picture.
    public var maximumPixels = 50_000_000
    /// Connections that are open at once.
    public var connections = 16_384
    /// Seconds that a client has for the lines before the body, for the body, and for taking the answer.
    public var readTimeout = 30.0
    /// Seconds between two requests of a connection.
    public var idleTimeout = 60.0
    /// Seconds for which requests are still taken after the signal to stop.
    public var drain = 0.0
    /// Keys of which a request must bear one; none: everybody may ask.
    public var keys: [String] = []

    public init(models: [String]) {
        self.models = models
    }
}

/// What every request's handler needs.
struct ServerParts: Sendable {
    let settings: ServerSettings
    let models: ModelStore
    let metrics: Metrics
    let bodies: RequestBodies
    let state = ServerState()

    init(_ settings: ServerSettings) throws(SwiftletError) {
        let metrics = Metrics()
        (self.settings, self.metrics) = (settings, metrics)
        models = try ModelStore(settings, metrics)
        bodies = RequestBodies(limit: settings.bodyLimit, total: settings.bodyMemory)
    }
}
