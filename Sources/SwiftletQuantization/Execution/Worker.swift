#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A thread for one piece of work. Unlike Dispatch's, one that cannot be started says so.
final class Worker: @unchecked Sendable {  // `id` is written before the thread is joined, by the same caller
    let work: @Sendable () -> Void
    private var id = pthread_t()

    init(_ work: @escaping @Sendable () -> Void) {
        self.work = work
    }

    /// - Returns: 0, or the error number; then there is nothing to join.
    func start() -> Int32 {
        // Signals are the main thread's: `holdingInterruptions` relies on it.
        var (all, before) = (sigset_t(), sigset_t())
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        let kept = Unmanaged.passRetained(self)
        let error = pthread_create(
            &id, nil,
            { context in
                Unmanaged<Worker>.fromOpaque(context!).takeRetainedValue().work()
                return nil
            }, kept.toOpaque())
        if error != 0 { kept.release() }
        return error
    }

    func join() { pthread_join(id, nil) }

    /// Whether `count` threads, the caller among them, can run at once.
    /// - Returns: 0, or the error number of the first that cannot be started.
    static func errorOfStarting(_ count: Int) -> Int32 {
        let gate = Gate()
        var started: [Worker] = []
        defer {
            gate.open()
            for worker in started { worker.join() }
        }
        for _ in 1..<max(1, count) {
            let worker = Worker { gate.pass() }
            let error = worker.start()
            guard error == 0 else { return error }
            started.append(worker)
        }
        return 0
    }
}

/// The error number of starting `count` threads at once, the caller among them; 0 when they can be had.
package func errorOfStarting(threads count: Int) -> Int32 { Worker.errorOfStarting(count) }

/// Holds threads until it is opened.
private final class Gate: @unchecked Sendable {
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    init() {
        lock.initialize(to: pthread_mutex_t())
        pthread_mutex_init(lock, nil)
        pthread_mutex_lock(lock)
    }

    deinit {
        pthread_mutex_destroy(lock)
        lock.deallocate()
    }

    func open() { pthread_mutex_unlock(lock) }

    func pass() {
        pthread_mutex_lock(lock)
        pthread_mutex_unlock(lock)
    }
}
