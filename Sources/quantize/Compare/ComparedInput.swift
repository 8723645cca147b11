import SwiftletQuantization
import SwiftletRuntime
import Synchronization

/// What models are run on: a picture, or an array's values.
struct ComparedInput: Sendable {
    let name: String
    /// The right class, from 0; nil where it is not known.
    let label: Int?
    /// Makes it a session's input.
    private let set: @Sendable (Session) throws(SwiftletError) -> Void
    /// The file, as errors name it.
    private let path: String

    init(_ picture: PictureList.Entry) {
        (name, label, path) = (picture.name, picture.label, picture.path)
        let path = picture.path
        set = { session throws(SwiftletError) in try session.setInput(path: path) }
    }

    /// - Parameter set: gives the session its input.
    init(name: String, path: String, set: @escaping @Sendable (Session) throws(SwiftletError) -> Void) {
        (self.name, self.path, self.set, label) = (name, path, set, nil)
    }

    func load(_ session: Session) throws(ToolError) {
        try ToolError.wrapping(.badInput, path) { try set(session) }
    }
}

extension ComparedInput {
    /// Runs `body` for each input, several at a time, with a progress bar.
    /// - Parameters:
    ///   - title: of the bar.
    ///   - state: what each thread has of its own.
    /// - Returns: by input, what `body` returns.
    /// - Throws: the error of making a state, or one that `body` throws, which ends the work.
    static func each<State, Value: Sendable>(
        _ inputs: [ComparedInput], threads: Int, _ title: String, state: @Sendable () throws -> State,
        body: @Sendable (State, ComparedInput) throws -> Result<Value, ToolError>
    ) throws -> [Result<Value, ToolError>] {
        let bar = ProgressBar(title)
        let results = Mutex([Result<Value, ToolError>?](repeating: nil, count: inputs.count))
        let failure = Mutex<(any Error)?>(nil)
        let done = Atomic(0)
        parallel(inputs.count, threads: max(1, min(threads, inputs.count))) { part in
            do {
                let state = try state()
                for index in part {
                    let result = try body(state, inputs[index])
                    results.withLock { $0[index] = result }
                    bar.update(Double(done.add(1, ordering: .relaxed).newValue) / Double(inputs.count), inputs[index].name)
                }
            } catch {
                failure.withLock { $0 = error }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        bar.finish()
        return results.withLock { $0.map { $0! } }
    }
}
