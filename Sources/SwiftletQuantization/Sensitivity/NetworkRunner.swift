import SwiftletGraph
import SwiftletRuntime

/// Runs lowered networks on the calibration set, by the runtime's own sessions.
struct NetworkRunner: Sendable {
    let set: CalibrationSet
    let threads: Int

    /// - Parameter pictures: numbers of the set's.
    /// - Returns: by picture, the logits.
    func logits(_ builder: ModelBuilder, pictures: [Int]) throws -> [[Float]] {
        let model = try NetworkRunner.model(builder)
        let results = SharedArray<[Float]>(repeating: [], count: pictures.count)
        let parts = max(1, min(threads, pictures.count))
        try parallelThrowing(parts, threads: parts) { part in
            let session = try Session(model)
            for i in pictures.count * part / parts..<pictures.count * (part + 1) / parts {
                try set.picture(pictures[i]).withUnsafeBufferPointer { try session.setInput(values: $0) }
                session.run()
                results[i] = Array(session.logits())
            }
        }
        return Array(results.values)
    }

    /// Median time of an inference on one thread, milliseconds.
    func milliseconds(_ builder: ModelBuilder, runs: Int = 21) throws -> Double {
        let session = try Session(try NetworkRunner.model(builder))
        try set.picture(0).withUnsafeBufferPointer { try session.setInput(values: $0) }
        session.run()
        let times = (0..<runs).map { _ in ContinuousClock().measure { session.run() } / .milliseconds(1) }.sorted()
        return times[runs / 2]
    }

    private static func model(_ builder: ModelBuilder) throws -> Model {
        var builder = builder
        let input = builder.tensors[builder.input]
        builder.preprocessing = Preprocessing(resize: .exact(height: input.height, width: input.width), cropHeight: 0, cropWidth: 0)
        return try Model(bytes: builder.finish())
    }
}
