import SwiftletRuntime

/// Times that others have published, to stand beside measured ones.
struct PublishedTimes {
    private struct Entry {
        let model: String
        /// nil: the page's one figure, which is FP32's, stands beside int8 too.
        var precision: String?
        /// nil: whatever the number.
        var threads: Int?
        var batch = 1
        let milliseconds: String
    }

    /// The column's title.
    let name: String
    /// What it is, as a line.
    let source: String
    private var entries: [Entry] = []

    /// PaddleClas' MobileNetV3 page, FP32: on a Snapdragon 855 by Paddle Lite with 1, 2, 4 threads, on a V100 by TensorRT with batch 1, 4,
    /// 8.
    private static let page = """
        large_x1_25 24.52 14.76 9.89 1.75 2.87 4.23
        large_x1_0 16.55 10.09 6.84 1.37 2.67 3.46
        large_x0_75 11.53 7.06 4.94 1.37 2.23 3.17
        large_x0_5 6.50 4.22 3.15 1.10 1.85 2.69
        large_x0_35 4.43 3.11 2.41 1.01 1.44 1.92
        small_x1_25 7.88 4.91 3.45 1.20 2.04 2.64
        small_x1_0 5.63 3.65 2.60 1.03 1.76 2.50
        small_x0_75 4.50 2.96 2.19 1.04 1.71 2.37
        small_x0_5 2.89 2.04 1.62 1.01 1.49 2.01
        small_x0_35 2.23 1.66 1.43 1.01 1.44 1.92
        large_x1_0_ssld 16.56 10.10 6.86 1.35 2.47 3.72
        small_x1_0_ssld 5.64 3.67 2.61 1.06 1.89 2.48
        """

    /// - Parameter name: `sd855`, `v100`, or, at the desk, a JSON file with a list `reference` as Targets/ has them.
    init(_ name: String) throws(ToolError) {
        let isPhone = areEqual(name, "sd855")
        guard isPhone || areEqual(name, "v100") else {
            (self.name, source) = ("ref", name)
            try read(name)
            return
        }
        self.name = name
        source = "PaddleClas' page, FP32 on a " + (isPhone ? "Snapdragon 855 by Paddle Lite" : "V100 by TensorRT")
        for line in split(PublishedTimes.page, UInt8(ascii: "\n")) {
            let words = split(line, UInt8(ascii: " "))
            for column in 0..<3 {
                entries.append(
                    Entry(
                        model: "MobileNetV3_" + words[0], threads: isPhone ? 1 << column : nil,
                        batch: isPhone ? 1 : [1, 4, 8][column], milliseconds: words[1 + column + (isPhone ? 0 : 3)]))
            }
        }
    }

    #if hasFeature(Embedded)
    private mutating func read(_ name: String) throws(ToolError) {
        throw .usage("--reference takes sd855 or v100, not '\(name)'")
    }
    #else
    private mutating func read(_ path: String) throws(ToolError) {
        for entry in try JSONValue.read(path)["reference"].elements {
            guard let model = entry["model"].text, let precision = entry["precision"].text, let time = entry["ms"].number else { continue }
            entries.append(
                Entry(
                    model: model, precision: precision, threads: entry["threads"].number.map { Int($0) }, milliseconds: fixed(time, 3)))
        }
        guard !entries.isEmpty else { throw .badInput("\(path): no list 'reference' of model, precision, threads and ms") }
    }
    #endif

    /// As published; nil where nothing was.
    func milliseconds(_ row: BenchRow) -> String? {
        for entry in entries where entry.batch == row.batch && (entry.threads ?? row.threads) == row.threads {
            if areEqual(entry.model, row.network), areEqual(entry.precision ?? row.precision, row.precision) { return entry.milliseconds }
        }
        return nil
    }
}
