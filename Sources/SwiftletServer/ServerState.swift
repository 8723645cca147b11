import Synchronization

/// Whether the server is about to stop, and how many connections and requests it has had.
final class ServerState: Sendable {
    private let draining = Atomic(false)
    private let open = Atomic(0)
    private let taken = Atomic(0)

    /// Set once the signal to stop has come: it is no longer ready, and asks clients to close their connections.
    var isDraining: Bool {
        get { draining.load(ordering: .relaxed) }
        set { draining.store(newValue, ordering: .relaxed) }
    }

    /// Connections that are open.
    var connections: Int { open.load(ordering: .relaxed) }
    /// Requests whose heads have been read.
    var requests: Int { taken.load(ordering: .relaxed) }
    func requestTaken() { taken.add(1, ordering: .relaxed) }
    func connectionOpened() { open.add(1, ordering: .relaxed) }
    func connectionClosed() { open.subtract(1, ordering: .relaxed) }
}
