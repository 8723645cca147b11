import Dispatch
import SwiftletRuntime
import Synchronization

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

    let metrics: [PictureMetrics]
    let layers: [LayerError]
    /// Pictures that `layers` were measured on.
    let layerPictures: Int

    var count: Int { metrics.count }
    var agreement: Double { share { $0.predictedA == $0.predictedB } }
    var divergence: Double { metrics.reduce(0) { $0 + $1.divergence } / Double(count) }
    var sqnr: Double { decibels(signal: metrics.reduce(0) { $0 + $1.signal }, noise: metrics.reduce(0) { $0 + $1.noise }) }

    /// Shares in percent of A and B whose right class is among the first `places`; nil without labels.
    func accuracy(_ places: Int) -> [Double]? {
        guard metrics.allSatisfy({ $0.rankA != nil }) else { return nil }
        return [share { $0.rankA! < places }, share { $0.rankB! < places }]
    }

    private func share(_ condition: (PictureMetrics) -> Bool) -> Double {
        Double(metrics.count(where: condition)) * 100 / Double(count)
    }

    /// Runs both models. Layers are compared on at most `layerSamples` of the pictures, evenly spaced, since that costs many times an inference.
    /// - Throws: the error of the first picture that has one.
    static func run(_ a: Model, _ b: Model, _ pictures: PictureList, layerSamples: Int, threads: Int) throws -> Comparison {
        let bar = ProgressBar("comparing")
        let entries = pictures.entries
        let results = Mutex([Result<PictureMetrics, any Error>?](repeating: nil, count: entries.count))
        let done = Atomic(0)
        let workers = max(1, min(threads, entries.count))
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            let part = (entries.count * worker / workers)..<(entries.count * (worker + 1) / workers)
            let pair = Result { try (Session(a), Session(b)) }
            for index in part {
                let result = Result { () throws -> PictureMetrics in
                    let (first, second) = try pair.get()
                    let entry = entries[index]
                    return PictureMetrics(try logits(first, entry.path), try logits(second, entry.path), label: entry.label)
                }
                results.withLock { $0[index] = result }
                bar.update(Double(done.add(1, ordering: .relaxed).newValue) / Double(entries.count), entries[index].name)
            }
        }
        let metrics = try results.withLock { try $0.map { try $0!.get() } }
        bar.finish()
        guard layerSamples > 0 else { return Comparison(metrics: metrics, layers: [], layerPictures: 0) }
        let sampled = pictures.sampled(layerSamples)
        return Comparison(metrics: metrics, layers: try layerErrors(a, b, sampled), layerPictures: sampled.entries.count)
    }

    private static func logits(_ session: Session, _ path: String) throws -> [Float] {
        try session.model.preprocessing.picture(path).withPixels { session.setInput(pixels: $0) }
        session.run()
        return Array(session.logits())
    }

    /// SQNR of every tensor that both models have by name, over all pictures together, in A's order.
    private static func layerErrors(_ a: Model, _ b: Model, _ pictures: PictureList) throws -> [LayerError] {
        let (first, second) = try (Session(a, keepsTensors: true), Session(b, keepsTensors: true))
        let numbersB = Dictionary(b.tensors.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        let pairs = a.operators.compactMap { operation in numbersB[a.tensors[operation.output].name].map { (operation.output, $0) } }
        var signal = [Double](repeating: 0, count: pairs.count)
        var noise = signal
        for entry in pictures.entries {
            _ = try logits(first, entry.path)
            _ = try logits(second, entry.path)
            for (index, pair) in pairs.enumerated() {
                let (x, y) = (try first.tensor(pair.0), try second.tensor(pair.1))
                guard x.count == y.count else { continue }
                for (p, q) in zip(x, y) {
                    signal[index] += Double(p) * Double(p)
                    noise[index] += (Double(p) - Double(q)) * (Double(p) - Double(q))
                }
            }
        }
        return pairs.indices.map { index in
            let value = decibels(signal: signal[index], noise: noise[index])
            return LayerError(name: a.tensors[pairs[index].0].name, sqnrDB: value.isFinite ? value : nil)
        }
    }
}
