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

        enum CodingKeys: String, CodingKey {
            case model, precision, threads, batch
            case minimum = "min_ms"
        }
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
        guard file.rows.allSatisfy({ $0.minimum.isFinite && $0.minimum >= 0 && $0.minimum < 1e9 }) else {
            throw .badInput("\(path): min_ms must be from 0 to 1e9")
        }
        return file
    }
}
