import Foundation
import SwiftletImport
import SwiftletQuantization
import SwiftletRuntime

/// Arrays in place of pictures: an `.npy` file, a folder of them, or an `.npz`. Each array is one picture, [C, H, W], or several,
/// [N, C, H, W]: normalized values, or unsigned bytes, which are pixels and are normalized as pictures are.
struct ArrayFiles: Sendable {
    private struct Picture {
        let array: Int
        /// Along the array's first axis; nil where the array is the picture.
        let index: Int?
    }

    /// Of one array: what its header promises is believed before the array is read.
    private static let mostPictures = 1 << 20

    private var arrays: [[UInt8]] = []
    private var pictures: [Picture] = []
    private let input: TensorShape
    private let preprocessing: Preprocessing
    /// By picture, for messages and results.
    private(set) var names: [String] = []
    /// What of the files was used.
    private(set) var hash = ""
    /// Whether all are bytes.
    private(set) var arePixels = true

    var count: Int { pictures.count }

    /// Whether the path is named as arrays are, or is a folder of arrays and not of pictures.
    static func takes(_ path: String) -> Bool {
        if path.hasSuffix(".npy") || path.hasSuffix(".npz") { return true }
        guard let arrays = try? PictureFolder(path, suffixes: ["npy"]), !arrays.names.isEmpty else { return false }
        return (try? PictureFolder(path))?.names.isEmpty ?? false
    }

    /// - Parameters:
    ///   - samples: at most so many pictures are taken, evenly spaced.
    ///   - input: what the model takes.
    ///   - preprocessing: what is done to pixels.
    /// - Throws: where a file cannot be read, an array is not what the model takes, or they are more than memory holds.
    init(_ path: String, samples: Int, input: TensorShape, _ preprocessing: Preprocessing) throws(ToolError) {
        (self.input, self.preprocessing) = (input, preprocessing)
        if path.hasSuffix(".npz") {
            try readArchive(path, samples)
        } else if path.hasSuffix(".npy") {
            try readFiles([(path, (path as NSString).lastPathComponent)], samples)
        } else {
            let folder = try ToolError.wrapping(.badInput, path) { try PictureFolder(path, suffixes: ["npy"]) }
            UnreadablePictures.warn(folder.leftOut.map { .badInput($0.message) })
            try readFiles(folder.names.map { ("\(path)/\($0)", $0) }, samples)
        }
    }

    // MARK: Reading

    private mutating func readFiles(_ files: [(path: String, name: String)], _ samples: Int) throws(ToolError) {
        var all: [(file: Int, index: Int?)] = []
        for (number, file) in files.enumerated() {
            let shape = try ToolError.wrapping(.badInput, file.path) { try NumpyFile.shape(inFile: file.path) }
            all += try indices(shape, file.path).map { (number, $0) }
        }
        var budget = MemoryBudget()
        var (digests, current) = ([String](), -1)
        for position in PictureList.positions(samples, of: all.count) {
            let (number, index) = all[position]
            if number != current {
                let bytes = try InputFile.read(files[number].path, atMost: InputFile.largestArray)
                try budget.take(bytes.count, files[number].path)
                digests.append(SHA256.digest(bytes))
                try append(bytes, files[number].path)
                current = number
            }
            add(index, files[number].name)
        }
        hash = digests.count == 1 ? digests[0] : SHA256.digest(digests.joined().utf8)
    }

    private mutating func readArchive(_ path: String, _ samples: Int) throws(ToolError) {
        let file = try InputFile.read(path, atMost: InputFile.largestArray)
        let archive = try ToolError.wrapping(.badInput, path) { try ArrayArchive(file) }
        var budget = MemoryBudget()
        var (all, leftOut) = ([(array: Int, index: Int?, name: String)](), archive.others.map { "\(path): \($0) is no array" })
        for name in archive.names {
            try budget.take(archive.size(name), path)
            let bytes = try ToolError.wrapping(.badInput, path) { try archive.bytes(name) }
            let shape = try ToolError.wrapping(.badInput, path) { try bytes.withUnsafeBytes { try NumpyFile($0).shape } }
            // Labels, say, which lie beside the pictures.
            guard let indices = try? indices(shape, "\(path): \(name)") else {
                leftOut.append("\(path): \(name) has the shape \(shape), but the model takes \(wanted)")
                continue
            }
            try append(bytes, path)
            all += indices.map { (arrays.count - 1, $0, name) }
        }
        if all.isEmpty { throw .badInput(leftOut.first ?? "\(path): no arrays in it") }
        UnreadablePictures.warn(leftOut.map { .badInput($0) })
        for position in PictureList.positions(samples, of: all.count) {
            pictures.append(Picture(array: all[position].array, index: all[position].index))
            names.append(ArrayFiles.name(all[position].name, all[position].index))
        }
        hash = SHA256.digest(file)
    }

    private mutating func append(_ bytes: [UInt8], _ path: String) throws(ToolError) {
        let holdsBytes = try ToolError.wrapping(.badInput, path) { try bytes.withUnsafeBytes { try NumpyFile($0).holdsBytes } }
        if holdsBytes, constants == nil {
            let advice = "give float32"
            throw .badInput("\(path): unsigned bytes are pixels, but mean and std are not those of \(input.channels) channels: \(advice)")
        }
        arePixels = arePixels && holdsBytes
        arrays.append(bytes)
    }

    private mutating func add(_ index: Int?, _ name: String) {
        pictures.append(Picture(array: arrays.count - 1, index: index))
        names.append(ArrayFiles.name(name, index))
    }

    private static func name(_ name: String, _ index: Int?) -> String { name + (index.map { "[\($0)]" } ?? "") }

    private var wanted: String {
        let sides = "\(input.channels), \(input.height), \(input.width)]"
        return "[N, \(sides) or [\(sides)"
    }

    /// Where an array's pictures are along its first axis.
    private func indices(_ shape: [Int], _ path: String) throws(ToolError) -> [Int?] {
        let sides = [input.channels, input.height, input.width]
        if shape == sides { return [nil] }
        guard shape.count == 4, Array(shape[1...]) == sides, shape[0] > 0 else {
            throw .badInput("\(path): shape \(shape), but the model takes \(wanted)")
        }
        guard shape[0] <= ArrayFiles.mostPictures else {
            throw .badInput("\(path): \(shape[0]) pictures, more than the \(ArrayFiles.mostPictures) that one array may have")
        }
        return Array(0..<shape[0])
    }

    // MARK: Values

    /// Mean and deviation, one a channel; nil where there are others.
    private var constants: (mean: [Float], std: [Float])? {
        func expanded(_ values: [Float]) -> [Float]? {
            if values.count == input.channels { return values }
            return Set(values).count == 1 ? [Float](repeating: values[0], count: input.channels) : nil
        }
        guard let mean = expanded(preprocessing.mean), let std = expanded(preprocessing.std) else { return nil }
        return (mean, std)
    }

    /// The grid that the values have: pixels' own, or what is measured.
    var inputRange: CalibrationSet.InputRange {
        guard arePixels, let constants else { return .measured }
        return .pixels(mean: constants.mean, std: constants.std)
    }

    /// A picture as the network takes it, NHWC.
    func values(_ number: Int) -> [Float] { values(number, constants ?? ([], [])) }

    private func values(_ number: Int, _ constants: (mean: [Float], std: [Float])) -> [Float] {
        let picture = pictures[number]
        let (positions, channels) = (input.height * input.width, input.channels)
        // One picture at a time: an array of many, or of small elements, is larger in single precision than memory.
        return arrays[picture.array].withUnsafeBytes { bytes in
            let file = try! NumpyFile(bytes)  // read before
            let values = try! picture.index.map { try file.values(at: $0) } ?? file.values()  // the shape is the model's input
            return [Float](unsafeUninitializedCapacity: values.count) { result, filled in
                for channel in 0..<channels {
                    let (mean, std) = file.holdsBytes ? (constants.mean[channel], constants.std[channel]) : (0, 1)
                    for position in 0..<positions {
                        result[position * channels + channel] = (values[channel * positions + position] - mean) / std
                    }
                }
                filled = values.count
            }
        }
    }
}

/// What may be held of all that there is at the start.
private struct MemoryBudget {
    private let available = MachineMemory.available
    private var taken = 0.0

    /// - Throws: when it is too much together with what was taken before.
    mutating func take(_ bytes: Int, _ path: String) throws(ToolError) {
        taken += Double(bytes)
        guard let available, taken > available else { return }
        let advice = "take fewer --samples, or smaller files"
        throw .failed("\(path): \(RunEstimate.size(taken)) with it, but \(RunEstimate.size(available)) of memory are available; \(advice)")
    }
}
