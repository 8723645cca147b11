import SwiftletRuntime
import TestSupport

/// Sound files of every kind that the runtime reads: what gets damaged. Readers must take them all as they are.
struct Corpus {
    let models: [[UInt8]]
    let pictures: [[UInt8]]
    let portablePictures: [[UInt8]]
    let arrays: [[UInt8]]
    let networkGraphics: [[UInt8]]

    init() {
        var models = [SmallModel.bytes(seed: 1), SmallModel.bytes(seed: 2), SmallModel.withSeveralOutputs(seed: 3).finish()]
        for kind in OperatorKind.allCases {
            for channels in [3, 17] {
                var one = OperatorCase("seed", kind)
                (one.channels, one.outputs) = (channels, 8)
                if one.isConvolution || kind == .poolInt8 || kind == .poolFloat {
                    one.window = LoweredWindow(kernel: 3, stride: 2, padding: 1)
                }
                models.append(one.model().finish())
            }
        }
        self.models = models
        pictures =
            SmallJPEG.all.map { $0.bytes } + [
                SmallJPEG.baseline.oriented(6, bigEndian: true), SmallJPEG.gray.oriented(3, bigEndian: false),
            ]
        networkGraphics = SmallPNG.Color.allCases.flatMap { color in
            color.depths.flatMap { depth in
                [false, true].map { SmallPNG(color, depth: depth, height: 5, width: 7, interlaced: $0).bytes }
            }
        }
        let body = (0..<60).map { UInt8($0 * 4) }
        portablePictures = [
            Array("P6\n5 4\n255\n".utf8) + body, Array("P5 # gray\n10 6 15\n".utf8) + body, Array("P6 2 3 1 ".utf8) + body[..<18],
        ]
        arrays = [
            Corpus.array("<f4", "1, 3, 2, 2", false, bytes: 48), Corpus.array("<f2", "7,", true, bytes: 14),
            Corpus.array("<f8", "", false, bytes: 8),
            Corpus.array("|i1", "2, 3, 4", true, bytes: 24), Corpus.array("<u2", "3, 0, 2", false, bytes: 0),
            Corpus.array("<i8", "2, 2", true, bytes: 32),
            Corpus.array("|b1", "1, 1, 1, 1, 9", true, bytes: 9), NumpyArray(shape: [2, 3], values: [1, 2, 3, 4, 5, 6]).npy(),
        ]
    }

    private static func array(_ type: String, _ shape: String, _ isFortranOrder: Bool, bytes: Int) -> [UInt8] {
        let order = isFortranOrder ? "True" : "False"
        let header = Array("{'descr': '\(type)', 'fortran_order': \(order), 'shape': (\(shape)), }\n".utf8)
        return [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, UInt8(header.count), 0] + header
            + (0..<bytes).map { UInt8(truncatingIfNeeded: $0 * 37) }
    }
}
