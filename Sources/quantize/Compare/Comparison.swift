import SwiftletQuantization
import SwiftletRuntime

/// Two models over the same pictures.
struct Comparison {
    struct LayerError: Encodable {
        /// The tensor's name, which both models have.
        let name: String
        let sqnrDB: Double?

        enum CodingKeys: String, CodingKey {
            case name
            case sqnrDB = "sqnr_db"
        }
    }

    /// A picture for which the two give different answers.
    struct Disagreement: Encodable {
        let file: String
        let a: Int
        let b: Int
        /// Its right class; nil without labels.
        let label: Int?

        enum CodingKeys: String, CodingKey {
            case file, a, b
            case label = "class"
        }
    }

    /// Those that can be read.
    let pictures: [ComparedInput]
    /// Pictures that cannot.
    let leftOut: Int
    /// By picture.
    let metrics: [PictureMetrics]
    let layers: [LayerError]
    /// Pictures that `layers` were measured on.
    let layerPictures: Int

    var count: Int { metrics.count }
    var agreement: Double { share { $0.predictedA == $0.predictedB } }
    var divergence: Double { metrics.reduce(0) { $0 + $1.divergence } / Double(count) }
    var sqnr: Double { metrics.reduce(into: SignalToNoise()) { $0 += $1.sums }.decibels }

    /// Shares in percent of A and B whose right class is among the first `places`; nil without labels.
    func accuracy(_ places: Int) -> [Double]? {
        guard metrics.allSatisfy({ $0.rankA != nil }) else { return nil }
        return [share { $0.rankA! < places }, share { $0.rankB! < places }]
    }

    var disagreements: [Disagreement] {
        zip(pictures, metrics).filter { $1.predictedA != $1.predictedB }.map { entry, metrics in
            Disagreement(file: entry.name, a: metrics.predictedA, b: metrics.predictedB, label: entry.label)
        }
    }

    /// 95 % interval of the mean KL, from the pictures' standard deviation.
    var divergenceInterval: [Double] {
        let mean = divergence
        let squares = metrics.reduce(0) { $0 + ($1.divergence - mean) * ($1.divergence - mean) }
        let half = count > 1 ? 1.96 * (squares / Double(count - 1) / Double(count)).squareRoot() : mean
        return [max(0, mean - half), mean + half]
    }

    /// 95 % interval in points of B's top-1 less A's, on the same pictures; nil without labels. Half a picture more in each cell of the
    /// two-by-two table of who is right keeps it honest where few pictures differ (Agresti and Min 2005).
    var top1DifferenceInterval: [Double]? {
        guard metrics.allSatisfy({ $0.rankA != nil }) else { return nil }
        let gained = Double(metrics.count { $0.rankA! > 0 && $0.rankB! == 0 }) + 0.5
        let lost = Double(metrics.count { $0.rankA! == 0 && $0.rankB! > 0 }) + 0.5
        let n = Double(count) + 2
        let mean = (gained - lost) / n
        let half = 1.96 * max(0, gained + lost - (gained - lost) * (gained - lost) / n).squareRoot() / n
        return [100 * (mean - half), 100 * (mean + half)]
    }

    private func share(_ condition: (PictureMetrics) -> Bool) -> Double {
        Double(metrics.count(where: condition)) * 100 / Double(count)
    }

    /// Runs both models. A picture that cannot be read is named on standard error and left out. Layers are compared on at most
    /// `layerSamples` of the others, evenly spaced, since that costs many times an inference.
    /// - Throws: when no picture can be read; the error of the first picture that has another one.
    static func run(_ a: Model, _ b: Model, _ inputs: [ComparedInput], layerSamples: Int, threads: Int) throws -> Comparison {
        let results = try measure(a, b, inputs, threads: threads)
        var (metrics, readable) = ([PictureMetrics](), [ComparedInput]())
        for (result, input) in zip(results, inputs) {
            guard case .success(let picture) = result else { continue }
            metrics.append(picture)
            readable.append(input)
        }
        let failures = results.compactMap { result in if case .failure(let error) = result { error } else { nil } }
        try UnreadablePictures.leaveOut(failures, of: inputs.count, what: "picture")
        let sampled = PictureList.positions(layerSamples, of: readable.count).map { readable[$0] }
        return Comparison(
            pictures: readable, leftOut: failures.count, metrics: metrics, layers: layerSamples > 0 ? try layerErrors(a, b, sampled) : [],
            layerPictures: sampled.count)
    }

    /// By picture: how the two differ, or why it cannot be read.
    private static func measure(
        _ a: Model, _ b: Model, _ inputs: [ComparedInput], threads: Int
    ) throws -> [Result<PictureMetrics, ToolError>] {
        let sessions = { @Sendable in (try Session(a), try Session(b)) }
        return try ComparedInput.each(inputs, threads: threads, "comparing", state: sessions, body: metrics)
    }

    private static func metrics(_ sessions: (Session, Session), _ input: ComparedInput) throws -> Result<PictureMetrics, ToolError> {
        let answers = Result { () throws(ToolError) in (try logits(sessions.0, input), try logits(sessions.1, input)) }
        let result = answers.map { PictureMetrics($0.0, $0.1, label: input.label) }
        if case .success(let metrics) = result, !metrics.divergence.isFinite {
            throw ToolError.failed("\(input.name): a model answers with values that are not finite")
        }
        return result
    }

    private static func logits(_ session: Session, _ input: ComparedInput) throws(ToolError) -> [Float] {
        try input.load(session)
        session.run()
        return Array(session.logits())
    }

    /// SQNR of every tensor that both models have by name, over all pictures together, in A's order.
    private static func layerErrors(_ a: Model, _ b: Model, _ pictures: [ComparedInput]) throws -> [LayerError] {
        let (first, second) = try (Session(a, keepsTensors: true), Session(b, keepsTensors: true))
        let numbersB = Dictionary(b.tensors.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        let pairs = a.operators.compactMap { operation in numbersB[a.tensors[operation.output].name].map { (operation.output, $0) } }
        var sums = [SignalToNoise](repeating: SignalToNoise(), count: pairs.count)
        for input in pictures {
            _ = try logits(first, input)
            _ = try logits(second, input)
            for (index, pair) in pairs.enumerated() {
                let (x, y) = (try first.tensor(pair.0), try second.tensor(pair.1))
                guard x.count == y.count else { continue }
                for (p, q) in zip(x, y) { sums[index].add(Double(p), Double(q)) }
            }
        }
        return pairs.indices.map { index in
            let value = sums[index].decibels
            return LayerError(name: a.tensors[pairs[index].0].name, sqnrDB: value.isFinite ? value : nil)
        }
    }
}
