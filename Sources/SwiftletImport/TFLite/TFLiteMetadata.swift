/// What a file says of the pictures that it takes and of its classes: the metadata of TensorFlow Lite's support library
/// (metadata_schema.fbs, M001), the files in the zip archive that it appends, and the grid of an input in integers. What cannot be read is
/// left out, and said to be: pictures are prepared in the usual way then, and labels can be given.
struct TFLiteMetadata {
    private(set) var conventions = ModelConventions()
    /// How many values a mean has: pictures are gray or in color.
    private var colors = 3

    /// The largest file of labels that is taken for one, in bytes.
    private static let largestLabels = 4 << 20
    /// The kind of file that has a line for each element of an output.
    private static let axisLabels = 2
    private static let entryName = "TFLITE_METADATA"
    /// More files and steps than this are not looked at.
    private static let mostEntries = 64
    private static let largestMean: Float = 65536

    init(_ file: FileBytes) {
        guard let model = try? TFLiteModel(file) else { return }
        if let input = model.inputs.first, let tensor = try? model.tensor(input) {
            if tensor.shape.last == 1 { colors = 1 }
            normalize(by: tensor)
        }
        do throws(TFLiteProblem) {
            var outputs: FlatTables?
            if let metadata = try model.metadata(Self.entryName) {
                let graphs = try FlatBuffer(metadata).root().tables(3)
                if graphs.count > 0 {
                    let graph = try graphs.table(0)
                    try normalize(graph.tables(2))
                    outputs = try graph.tables(3)
                }
            }
            try readLabels(ofOutputs: outputs, file)
        } catch {
            conventions.notUnderstood.append("its metadata, which are damaged")
        }
    }

    // MARK: Pixels

    /// What the smallest and the largest pixel become in the usual ways.
    private static let usualRanges: [(low: Float, high: Float)] = [(-1, 1), (0, 1), (0, 255)]

    /// An input of integers has the range of what pixels become, or nearly: it may be that of the pictures it was observed on.
    private mutating func normalize(by tensor: TFLiteTensor) {
        guard tensor.element == .uint8 || tensor.element == .int8, let grid = (try? tensor.grid()) ?? nil, grid.scales.count == 1 else {
            return
        }
        let low = Float(grid.lowest - grid.zeroPoints[0]) * grid.scales[0]
        let high = Float(grid.highest - grid.zeroPoints[0]) * grid.scales[0]
        for range in Self.usualRanges {
            let tolerance = (range.high - range.low) / 10
            guard abs(low - range.low) <= tolerance, abs(high - range.high) <= tolerance else { continue }
            let std = 255 / (range.high - range.low)
            return set(mean: [(0 - range.low) * std], std: [std])
        }
    }

    /// The first step of the input's that is a normalization.
    private mutating func normalize(_ inputs: FlatTables) throws(TFLiteProblem) {
        guard inputs.count > 0 else { return }
        let steps = try inputs.table(0).tables(4)
        for index in 0..<min(steps.count, Self.mostEntries) {
            let step = try steps.table(index)
            guard try step.integer(0, UInt8.self) == 1, let options = try step.table(1) else { continue }
            return set(mean: try options.floats(0, atMost: colors), std: try options.floats(1, atMost: colors))
        }
    }

    /// Takes one number, or one a color.
    private mutating func set(mean: [Float], std: [Float]) {
        guard [1, colors].contains(mean.count), [1, colors].contains(std.count),
            mean.allSatisfy({ abs($0) <= Self.largestMean }), std.allSatisfy({ $0 > 1 / Self.largestMean && $0 <= Self.largestMean })
        else { return conventions.notUnderstood.append("the normalization in its metadata") }
        func each(_ values: [Float]) -> [Float] { values.count == 1 ? [Float](repeating: values[0], count: colors) : values }
        conventions.preprocessing.mean = each(mean)
        conventions.preprocessing.std = each(std)
    }

    // MARK: Labels

    /// The first output's file of labels for its elements, else one that is called so in the archive.
    private mutating func readLabels(ofOutputs outputs: FlatTables?, _ file: FileBytes) throws(TFLiteProblem) {
        // The archive at the file's end, whose places count from the file's start.
        guard let archive = try? ZipArchive(file) else { return }
        let named = try outputs.flatMap { outputs throws(TFLiteProblem) in try Self.labelFile(outputs) }
        guard let name = named ?? archive.names.first(where: { $0.hasSuffix("labels.txt") }) else { return }
        do throws(CheckpointError) {
            guard let size = archive.size(name), size <= Self.largestLabels, let contents = try archive.contents(name, inflating: true)
            else { return conventions.notUnderstood.append("the labels in \(name), which are not in the file") }
            conventions.labels = Self.lines(contents.text)
        } catch {
            conventions.notUnderstood.append("the labels in \(name), which are damaged")
        }
    }

    private static func labelFile(_ outputs: FlatTables) throws(TFLiteProblem) -> String? {
        guard outputs.count > 0 else { return nil }
        let files = try outputs.table(0).tables(6)
        for index in 0..<min(files.count, mostEntries) {
            let file = try files.table(index)
            if try file.integer(2, Int8.self) == axisLabels { return try file.text(0, atMost: TFLiteTensor.longestName) }
        }
        return nil
    }

    private static func lines(_ text: String) -> [String] {
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}
