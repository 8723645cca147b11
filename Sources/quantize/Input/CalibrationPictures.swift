import Foundation
import SwiftletQuantization
import SwiftletRuntime
import Synchronization

/// What `--calibration` names: pictures, an array of tensors, or noise.
struct CalibrationPictures {
    let set: CalibrationSet
    /// For the model's provenance: what was used, and a hash of its content.
    let description: String
    let hash: String
    /// Nobody's pictures: nothing can be told from them.
    var isNoise = false

    /// What is known before a picture is decoded.
    struct Announcement {
        let count: Int
        /// The size of each picture as it is held; 0 when it is not.
        var pixelBytes = 0
        /// Those of the list, also the ones that `--samples` passes over.
        var files: [String] = []
    }

    /// - Parameters:
    ///   - source: a folder, a list, a picture, arrays (see `ArrayFiles`), or `random`.
    ///   - root: the folder that a list's paths are relative to; nil: found beside the list.
    ///   - announce: called before the work; what it throws ends it.
    init(
        _ source: String, root: String?, samples: Int, seed: UInt64, input: TensorShape, _ preprocessing: Preprocessing, threads: Int,
        announce: (Announcement) throws(ToolError) -> Void
    ) throws(ToolError) {
        let isArray = ArrayFiles.takes(source)
        guard isArray || preprocessing.channels == input.channels else {
            throw .badInput("the model takes \(input.channels) channels, no pictures: calibrate on an .npy of [N,C,H,W] float32")
        }
        if source == "random" {
            try announce(Announcement(count: samples))
            self = CalibrationPictures.noise(samples, seed: seed, input: input, preprocessing)
        } else if isArray {
            self = CalibrationPictures(try ArrayFiles(source, samples: samples, input: input, preprocessing), source)
            try announce(Announcement(count: set.count))
        } else {
            let list = try ToolError.wrapping(.badInput, source) { try PictureList.read(source, root: root) }
            UnreadablePictures.warn(list)
            let (sampled, pixelBytes) = (list.sampled(samples), input.height * input.width * input.channels)
            try announce(Announcement(count: sampled.entries.count, pixelBytes: pixelBytes, files: list.entries.map(\.path)))
            self = try CalibrationPictures.pictures(sampled, source, preprocessing, pixelBytes: pixelBytes, threads: threads)
        }
    }

    private init(_ set: CalibrationSet, description: String, hash: String) {
        self.set = set
        self.description = description
        self.hash = hash
    }

    /// Decodes all pictures once and keeps their pixels, so that one that cannot be read is known before anything is computed: it is named
    /// and left out.
    private static func pictures(
        _ list: PictureList, _ source: String, _ preprocessing: Preprocessing, pixelBytes: Int, threads: Int
    ) throws(ToolError) -> CalibrationPictures {
        let store = try ToolError.wrapping(.failed, "pictures") { try PixelStore(pictures: list.entries.count, bytes: pixelBytes) }
        var hash = SHA256()
        var pictures: [Int] = []
        var failures: [ToolError] = []
        for (index, result) in decode(list, preprocessing, into: store, threads: threads).enumerated() {
            switch result {
            case .success(let digest):
                hash.update(Data(digest.utf8))
                pictures.append(index)
            case .failure(let error): failures.append(error)
            }
        }
        try UnreadablePictures.leaveOut(failures, of: list.entries.count, what: "calibration picture")
        let readable = pictures
        let set = CalibrationSet(count: readable.count, inputRange: preprocessing.inputRange) { index in
            store.withPixels(readable[index], preprocessing.normalize)
        }
        return CalibrationPictures(set, description: "\(readable.count) of \((source as NSString).lastPathComponent)", hash: hash.finish())
    }

    /// The hash of a picture's file, or why it cannot be read.
    private typealias Decoded = Result<String, ToolError>

    /// In the list's order. Pictures differ in size: each thread takes the next one.
    private static func decode(_ list: PictureList, _ preprocessing: Preprocessing, into store: PixelStore, threads: Int) -> [Decoded] {
        let results = Mutex([Decoded?](repeating: nil, count: list.entries.count))
        let next = Atomic(0)
        let workers = max(1, min(threads, list.entries.count))
        parallel(workers, threads: workers) { _ in
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < list.entries.count else { return }
                let path = list.entries[index].path
                let result = Decoded { () throws(ToolError) in
                    let file = try InputFile.read(path, atMost: InputFile.largestPicture)
                    let image = try ToolError.wrapping(.badInput, path) {
                        try file.withUnsafeBytes { try preprocessing.apply(Image.decode($0)) }
                    }
                    image.withPixels { store.set(index, $0) }
                    return SHA256.digest(file)
                }
                results.withLock { $0[index] = result }
            }
        }
        return results.withLock { $0.map { $0! } }
    }

    private init(_ arrays: ArrayFiles, _ source: String) {
        let set = CalibrationSet(count: arrays.count, inputRange: arrays.inputRange) { arrays.values($0) }
        self.init(set, description: "\(arrays.count) of \((source as NSString).lastPathComponent)", hash: arrays.hash)
    }

    /// Patches of random colors with noise over them: not what a model sees, but enough to try it out and to measure speed.
    private static func noise(_ samples: Int, seed: UInt64, input: TensorShape, _ preprocessing: Preprocessing) -> CalibrationPictures {
        let patch = 32
        let set = CalibrationSet(count: samples, inputRange: preprocessing.inputRange) { index in
            var random = SplitMix64(seed: seed &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15)
            let across = (input.width + patch - 1) / patch
            let colors = (0..<(across * ((input.height + patch - 1) / patch) * input.channels)).map { _ in Int(random.next() >> 56) }
            var pixels = [UInt8](repeating: 0, count: input.height * input.width * input.channels)
            for y in 0..<input.height {
                for x in 0..<input.width {
                    for channel in 0..<input.channels {
                        let color = colors[((y / patch) * across + x / patch) * input.channels + channel]
                        pixels[(y * input.width + x) * input.channels + channel] = UInt8(clamping: color + Int(random.next() >> 58) - 32)
                    }
                }
            }
            return pixels.withUnsafeBufferPointer(preprocessing.normalize)
        }
        var pictures = CalibrationPictures(set, description: "\(samples) random", hash: "seed \(seed)")
        pictures.isNoise = true
        return pictures
    }
}

/// The shape of the model's input, batch apart.
struct TensorShape {
    let height: Int
    let width: Int
    let channels: Int
}
