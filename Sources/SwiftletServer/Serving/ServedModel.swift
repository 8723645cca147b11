import Foundation
import SwiftletRuntime

/// A loaded model file with its sessions, each on a thread of its own, and the queue before them.
///
/// Requests that hold it get their answers even when another has taken its place; when the last one lets it go, its threads end.
final class ServedModel: Sendable {
    /// The file's stem.
    let name: String
    /// Counted from 1 in the order of the command line.
    let version: String
    let path: String
    let model: Model
    private let queue: JobQueue
    private let stages: StageClock

    /// Loads the file, makes all sessions, and starts their threads.
    /// - Throws: an error that names the file.
    init(_ file: ModelFile, _ settings: ServerSettings, _ metrics: Metrics) throws(SwiftletError) {
        let model = try Model(path: file.path)
        let (queue, stages) = (JobQueue(capacity: settings.queue), StageClock(metrics: metrics, model: file.name))
        var sessions: [PictureSession] = []
        for _ in 0..<settings.sessions {
            let session = try Session(model, threads: settings.threads)
            sessions.append(PictureSession(session, maximumPixels: settings.maximumPixels, stages: stages))
        }
        (name, version, path, self.model) = (file.name, file.version, file.path, model)
        (self.queue, self.stages) = (queue, stages)
        for session in sessions { ServedModel.startThread(session, queue) }
    }

    deinit { queue.close() }

    /// Jobs that wait for a session.
    var waiting: Int { queue.count }

    /// Does work on one of the model's threads.
    /// - Parameters:
    ///   - timeout: seconds after which work that still waits is given up.
    ///   - work: gets that thread's session.
    /// - Throws: what `work` throws, as the client's fault; `RequestError.busy` and `.timedOut`.
    func perform<Result: Sendable>(
        timeout: Double, _ work: @escaping @Sendable (PictureSession) throws(SwiftletError) -> Result
    ) async throws -> Result {
        let begin = ContinuousClock.now
        let stages = stages
        return try await withCheckedThrowingContinuation { continuation in
            let job = JobQueue.Job(deadline: begin + .seconds(timeout)) { session in
                stages.observe(.queue, seconds: begin.secondsUntilNow)
                do throws(SwiftletError) {
                    continuation.resume(returning: try work(session))
                } catch {
                    continuation.resume(throwing: RequestError(error))
                }
            } refuse: {
                continuation.resume(throwing: $0)
            }
            do throws(RequestError) { try queue.submit(job) } catch { continuation.resume(throwing: error) }
        }
    }

    /// The thread ends when the queue is closed.
    private static func startThread(_ session: PictureSession, _ queue: JobQueue) {
        nonisolated(unsafe) let session = session  // nobody else has it
        let thread = Thread {
            while let job = queue.next() {
                if job.deadline < .now { job.refuse(.timedOut) } else { job.run(session) }
            }
        }
        thread.name = "swiftlet-session"
        thread.start()
    }
}
