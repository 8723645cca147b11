/// What `swiftlet bench --json` writes, as far as it is drawn.
struct BenchFile: Decodable {
    struct Device: Decodable {
        let cpu: String
        let isa: String
    }

    struct Row: Decodable {
        let model: String
        let precision: String
        let threads: Int
        let batch: Int
        /// Milliseconds of the shortest run of a whole batch.
        let minimum: Double
        /// Milliseconds of a run of a whole batch.
        let median: Double

        enum CodingKeys: String, CodingKey {
            case model, precision, threads, batch
            case minimum = "min_ms"
            case median = "median_ms"
        }

        /// The model without what all names of the page begin with.
        var shortName: String { model.hasPrefix("MobileNetV3_") ? String(model.dropFirst("MobileNetV3_".count)) : model }
        var isFloat: Bool { precision == "fp32" }
        var picturesPerSecond: Double { median > 0 ? 1000 * Double(batch) / median : 0 }
    }

    static let most = 16 << 20
    static let mostRows = 1_000

    let device: Device
    let rows: [Row]

    /// - Throws: also when there is nothing to draw, more than a picture holds, or a time that is none.
    static func read(_ path: String) throws(ToolError) -> BenchFile {
        let file = try JSONFile.decode(BenchFile.self, path, atMost: most)
        guard !file.rows.isEmpty else { throw .badInput("\(path): no rows to draw") }
        guard file.rows.count <= mostRows else { throw .badInput("\(path): \(file.rows.count) rows, more than \(mostRows) in one picture") }
        for (key, value) in file.rows.flatMap({ [("min_ms", $0.minimum), ("median_ms", $0.median)] }) {
            guard value.isFinite && value >= 0 && value < 1e9 else { throw .badInput("\(path): \(key) must be from 0 to 1e9") }
        }
        return file
    }

    /// Models in their order, each once.
    var models: [String] { rows.map(\.model).reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }

    /// Rows with the fewest threads and the smallest batch that there are.
    var plainRows: [Row] {
        let threads = rows.map(\.threads).min()
        let batch = rows.map(\.batch).min()
        return rows.filter { $0.threads == threads && $0.batch == batch }
    }
}
