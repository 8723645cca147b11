internal import CPlatform
internal import SwiftletRuntime

/// What a `swiftlet_session *` points to: a session, and what makes it safe to be called by any thread.
final class SessionHandle {
    let owner: ModelHandle
    let session: Session
    /// Nanoseconds that the network took in the last call; whoever holds the lock may look.
    private var nanoseconds: UInt64 = 0
    /// That a call holds from begin to end.
    private let lock: OpaquePointer
    /// The process that has the session's threads.
    private let process: Int32

    init(_ owner: ModelHandle, threads: Int) throws(SwiftletError) {
        let session = try Session(owner.model, threads: threads)
        guard let lock = sp_lock_create() else { throw .outOfMemory(64, for: "a lock") }
        (self.owner, self.session, self.lock, process) = (owner, session, lock, sp_process())
    }

    deinit {
        sp_lock_destroy(lock)
    }

    /// What `body` gives, while no other thread uses the session.
    /// - Throws: what `body` throws, or bad input where the process is a child of the session's.
    func use<Result>(_ body: (SessionHandle) throws(SwiftletError) -> Result) throws(SwiftletError) -> Result {
        guard isOwn else { throw .badInput("the session was made before fork(): a child makes one of its own") }
        sp_lock_take(lock)
        defer { sp_lock_give(lock) }
        return try body(self)
    }

    /// Forgets how long earlier calls took, in a call's begin.
    func resetTime() { nanoseconds = 0 }

    /// Runs the network over what is set.
    func run() {
        let begin = sp_nanoseconds()
        session.run()
        nanoseconds += sp_nanoseconds() - begin
    }

    var microseconds: Double { Double(nanoseconds) / 1000 }

    /// Whether this process made the session.
    private var isOwn: Bool { sp_process() == process }

    /// The pointer for C, which owns the handle until `release`.
    func retained() -> OpaquePointer { OpaquePointer(Unmanaged.passRetained(self).toOpaque()) }

    /// In a child process nothing can be given back: the threads that the session would wait for are not there.
    static func release(_ pointer: OpaquePointer) {
        let handle = Unmanaged<SessionHandle>.fromOpaque(UnsafeRawPointer(pointer))
        guard handle.takeUnretainedValue().isOwn else { return }
        handle.release()
    }

    static func of(_ pointer: OpaquePointer?) throws(SwiftletError) -> SessionHandle {
        Unmanaged<SessionHandle>.fromOpaque(UnsafeRawPointer(try Arguments.pointer(pointer, "session"))).takeUnretainedValue()
    }
}
