import Dispatch
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

    /// - Parameters:
    ///   - source: a folder, a list, an `.npy` of normalised [N,C,H,W] float32, or `random`.
    ///   - root: the folder that a list's paths are relative to; nil: found beside the list.
    init(
        _ source: String, root: String?, samples: Int, seed: UInt64, input: TensorShape, _ preprocessing: Preprocessing
    ) throws(ToolError) {
        if source == "random" {
            self = CalibrationPictures.noise(samples, seed: seed, input: input, preprocessing)
        } else if source.hasSuffix(".npy") {
            self = try CalibrationPictures.array(source, samples: samples, input: input)
        } else {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: source, isDirectory: &isFolder) else {
                throw .badInput("\(source): no such folder or list of pictures")
            }
            let list = isFolder.boolValue ? try PictureList.folder(source) : try PictureList.list(source, root: root)
            self = try CalibrationPictures.pictures(list.sampled(samples), source, preprocessing)
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
        _ list: PictureList, _ source: String, _ preprocessing: Preprocessing
    ) throws(ToolError) -> CalibrationPictures {
        var hash = SHA256()
        var pictures: [[UInt8]] = []
        var failures: [ToolError] = []
        for result in decode(list, preprocessing) {
            switch result {
            case .success(let picture):
                hash.update(Data(picture.hash.utf8))
                pictures.append(picture.pixels)
            case .failure(let error): failures.append(error)
            }
        }
        try UnreadablePictures.leaveOut(failures, of: list.entries.count, what: "calibration picture")
        let readable = pictures
        let set = CalibrationSet(count: readable.count, inputRange: preprocessing.inputRange) { index in
            readable[index].withUnsafeBufferPointer(preprocessing.normalise)
        }
        return CalibrationPictures(set, description: "\(readable.count) of \((source as NSString).lastPathComponent)", hash: hash.finish())
    }

    private typealias Decoded = Result<(hash: String, pixels: [UInt8]), ToolError>

    /// In the list's order.
    private static func decode(_ list: PictureList, _ preprocessing: Preprocessing) -> [Decoded] {
        let results = Mutex([Decoded?](repeating: nil, count: list.entries.count))
        DispatchQueue.concurrentPerform(iterations: list.entries.count) { index in
            let path = list.entries[index].path
            let result: Decoded
            do {
                let file = try ToolError.wrapping(.badInput, path) { try Data(contentsOf: URL(fileURLWithPath: path)) }
                let image = try ToolError.wrapping(.badInput, path) {
                    try file.withUnsafeBytes { try preprocessing.apply(Image.decode($0)) }
                }
                result = .success((SHA256.digest(file), image.withPixels { Array($0) }))
            } catch let error as ToolError {
                result = .failure(error)
            } catch {
                result = .failure(ToolError(error, .badInput, path))
            }
            results.withLock { $0[index] = result }
        }
        return results.withLock { $0.map { $0! } }
    }

    private static func array(_ path: String, samples: Int, input: TensorShape) throws(ToolError) -> CalibrationPictures {
        let data = try ToolError.wrapping(.badInput, path) { try Data(contentsOf: URL(fileURLWithPath: path)) }
        let shape = try ToolError.wrapping(.badInput, path) { try data.withUnsafeBytes { try NumpyFile($0).shape } }
        guard shape.count == 4, Array(shape[1...]) == [input.channels, input.height, input.width], shape[0] > 0 else {
            throw .badInput("\(path): shape \(shape), but the model takes [N, \(input.channels), \(input.height), \(input.width)]")
        }
        let count = min(samples, shape[0])
        let set = CalibrationSet(count: count, inputRange: .measured) { index in
            let positions = input.height * input.width
            // One picture at a time: an array of many, or of small elements, is larger in single precision than memory.
            let values = data.withUnsafeBytes { try! NumpyFile($0).values(at: index) }  // the shape is the model's input
            return [Float](unsafeUninitializedCapacity: positions * input.channels) { picture, filled in
                for channel in 0..<input.channels {
                    for position in 0..<positions {
                        picture[position * input.channels + channel] = values[channel * positions + position]
                    }
                }
                filled = positions * input.channels
            }
        }
        return CalibrationPictures(set, description: "\(count) of \((path as NSString).lastPathComponent)", hash: SHA256.digest(data))
    }

    /// Patches of random colours with noise over them: not what a model sees, but enough to try it out and to measure speed.
    private static func noise(_ samples: Int, seed: UInt64, input: TensorShape, _ preprocessing: Preprocessing) -> CalibrationPictures {
        let patch = 32
        let set = CalibrationSet(count: samples, inputRange: preprocessing.inputRange) { index in
            var random = SplitMix64(seed: seed &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15)
            let across = (input.width + patch - 1) / patch
            let colours = (0..<(across * ((input.height + patch - 1) / patch) * input.channels)).map { _ in Int(random.next() >> 56) }
            var pixels = [UInt8](repeating: 0, count: input.height * input.width * input.channels)
            for y in 0..<input.height {
                for x in 0..<input.width {
                    for channel in 0..<input.channels {
                        let colour = colours[((y / patch) * across + x / patch) * input.channels + channel]
                        pixels[(y * input.width + x) * input.channels + channel] = UInt8(clamping: colour + Int(random.next() >> 58) - 32)
                    }
                }
            }
            return pixels.withUnsafeBufferPointer(preprocessing.normalise)
        }
        return CalibrationPictures(set, description: "\(samples) random", hash: "seed \(seed)")
    }
}

/// Of the model's input, batch apart.
struct TensorShape {
    let height: Int
    let width: Int
    let channels: Int
}
