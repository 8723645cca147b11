import CPlatform
import SwiftletRuntime

/// Runs a model over labeled pictures, several at a time: each thread decodes and classifies pictures of its own, so that decoding is
/// spread too.
final class Evaluation {
    struct Outcome {
        /// Whether the picture could be; the other values are a model's answer only then.
        var isRead = false
        var predicted = 0
        var probability = 0.0
        /// The right class's place among the answers: 0 is the first. Equal answers count as the lower class first.
        var rank = 0
        /// The time of inference alone.
        var nanoseconds: UInt64 = 0
    }

    /// Each has a class.
    private let pictures: [PictureList.Entry]
    /// Whether damaged JPEGs are decoded as far as they make sense.
    private let isLenient: Bool
    /// A session for each part of the pictures.
    private let sessions: [Session]
    /// Number of the output that answers, and what the source model does to it.
    private let head: Int
    private var pool: OpaquePointer?
    private let results: UnsafeMutableBufferPointer<Outcome>
    /// Why pictures cannot be read, for each part in the list's order.
    private let errors: UnsafeMutableBufferPointer<[(picture: Int, error: SwiftletError)]>
    private var progress = ProgressLine()

    var threads: Int { sessions.count }
    var outcomes: UnsafeMutableBufferPointer<Outcome> { results }

    /// - Parameter head: number of the output that answers, a vector.
    init(_ model: Model, head: Int, pictures: [PictureList.Entry], threads: Int, lenient: Bool) throws(ToolError) {
        (self.head, isLenient) = (head, lenient)
        self.pictures = pictures
        var sessions: [Session] = []
        for _ in 0..<min(threads, max(1, Int(sp_cpu_count())), pictures.count) { sessions.append(try ModelFile.session(model, threads: 1)) }
        self.sessions = sessions
        results = .allocate(capacity: pictures.count)
        results.initialize(repeating: Outcome())
        errors = .allocate(capacity: sessions.count)
        errors.initialize(repeating: [])
    }

    deinit {
        results.deallocate()
        errors.deinitialize()
        errors.deallocate()
    }

    /// Why pictures cannot be read, in the list's order, whatever the number of threads.
    var failures: [SwiftletError] {
        var all: [(picture: Int, error: SwiftletError)] = []
        for part in errors { all += part }
        return sortedOrder(all.count) { all[$0].picture < all[$1].picture }.map { all[$0].error }
    }

    /// CSV of the pictures that could be read, in the list's order.
    var predictions: String {
        var text = "file,class,predicted,probability\n"
        for (picture, outcome) in zip(pictures, outcomes) where outcome.isRead {
            text += "\(csvField(picture.name)),\(picture.label!),\(outcome.predicted),\(fixed(outcome.probability, 6))\n"
        }
        return text
    }

    func run() throws(ToolError) {
        guard let pool = sp_pool_create(Int32(threads), Int32(threads), 1) else { throw .failed("cannot start \(threads) threads") }
        defer { sp_pool_destroy(pool) }
        self.pool = pool
        let context = Unmanaged.passUnretained(self).toOpaque()
        sp_pool_run(pool, { Unmanaged<Evaluation>.fromOpaque($0!).takeUnretainedValue().work(thread: $1, run: $3) }, context)
        progress.clear()
    }

    /// One step of the pool, in as many parts as there are threads.
    private func work(thread: Int32, run: UInt32) {
        PoolStep(pool: pool!, run: run, step: 0, thread: thread).compute { evaluate(part: Int($0)) }
    }

    private func evaluate(part: Int) {
        let session = sessions[part]
        for index in stride(from: part, to: pictures.count, by: threads) {
            do throws(SwiftletError) {
                try session.setInput(path: pictures[index].path, lenient: isLenient)
            } catch {
                errors[part].append((index, error))
                continue
            }
            let started = sp_nanoseconds()
            session.run()
            let nanoseconds = sp_nanoseconds() - started
            results[index] = outcome(session, right: pictures[index].label!, nanoseconds)
            if part == 0 { progress.update(index, of: pictures.count, "pictures") }
        }
    }

    private func outcome(_ session: Session, right: Int, _ nanoseconds: UInt64) -> Outcome {
        let (logits, probabilities) = (session.values(of: head), session.probabilities(of: head))
        let best = probabilities.top(1)[0]
        var rank = 0
        for index in 0..<logits.count where logits[index] > logits[right] || logits[index] == logits[right] && index < right { rank += 1 }
        return Outcome(
            isRead: true, predicted: best, probability: probabilities.values[best], rank: rank, nanoseconds: nanoseconds)
    }
}
