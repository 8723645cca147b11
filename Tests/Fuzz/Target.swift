import CKernels
import CPlatform
import SwiftletRuntime

/// What is done with an input.
enum Outcome {
    case refused(String)
    case ran
    /// Accepted, but too large to go on with a million times.
    case tooLarge
}

/// How far a model is taken.
enum Depth: Int {
    case read, load, run
}

/// The runtime's readers, each with an input in memory of just its size.
enum Target {
    /// Bytes of activations, and multiply-accumulates or their like, up to which a model is always taken further; one in 64 may have 16
    /// times as much.
    private static let mostBytes: Int64 = 4 << 20
    private static let mostOperations: Int64 = 2_000_000

    static func model(_ bytes: UnsafeRawBufferPointer, _ depth: Depth, _ random: inout Random) -> Outcome {
        let factor: Int64 = random.oneIn(64) ? 16 : 1
        let batch = random.oneIn(8) ? 3 : 1
        do throws(SwiftletError) {
            let model = try Model(bytes: bytes)
            guard depth != .read else { return .ran }
            guard self.bytes(model) * Int64(batch) <= mostBytes * factor else { return .tooLarge }
            let session = try Session(model, batch: batch)
            guard depth == .run else { return .ran }
            guard operations(model) * Int64(batch) <= mostOperations * factor else { return .tooLarge }
            session.run()
            return try prepare(model)
        } catch {
            return .refused(error.message)
        }
    }

    static func picture(_ bytes: UnsafeRawBufferPointer, _ random: inout Random) -> Outcome {
        do throws(SwiftletError) {
            let image = try Image.decode(bytes)
            guard image.height * image.width <= 1 << 20 else { return .tooLarge }
            let preprocessing = Preprocessing(
                resize: random.oneIn(2) ? .exact(height: 20, width: 12) : .shorterSide(14), cropHeight: 12, cropWidth: 11,
                interpolation: random.pick([.opencvBilinear, .pillowBilinear, .pillowBicubic]))
            _ = try preprocessing.apply(image)
            return .ran
        } catch {
            return .refused(error.message)
        }
    }

    static func array(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        do throws(SwiftletError) {
            let array = try NumpyArray(npy: bytes)
            return array.values.count == array.shape.reduce(1, *) ? .ran : .refused("")
        } catch {
            return .refused(error.message)
        }
    }

    /// The model's own preprocessing, with a small picture.
    private static func prepare(_ model: Model) throws(SwiftletError) -> Outcome {
        var area: Int64 = 1 << 14
        switch model.preprocessing.resize {
        case .none: break
        case .exact(let height, let width): area = max(area, Int64(height) * Int64(width))
        case .shorterSide(let side): area = max(area, Int64(side) * Int64(side) * 4)
        }
        guard area <= 1 << 20 else { return .tooLarge }
        do throws(SwiftletError) {
            let picture = try Image(height: 7, width: 9, pixels: (0..<189).map { UInt8($0) })
            _ = try model.preprocessing.apply(picture)
        } catch {
            // The picture may be too small for a crop.
            return error.message.utf8.isEmpty ? .refused("") : .ran
        }
        return .ran
    }

    private static func bytes(_ model: Model) -> Int64 {
        model.tensors.reduce(0) { $0 + Int64($1.height) * Int64($1.width) * Int64($1.channels) * Int64($1.type.size) }
    }

    private static func operations(_ model: Model) -> Int64 {
        model.operators.reduce(0) { sum, operation in
            let shape = operation.shape
            let window = operation.kind == .poolInt8 || operation.kind == .poolFloat ? Int64(shape.kernel_h) * Int64(shape.kernel_w) : 1
            let outputs = Int64(shape.out_h) * Int64(shape.out_w) * Int64(shape.out_c) * window
            return sum + operation.multiplyAccumulates + outputs + Int64(shape.in_h) * Int64(shape.in_w) * Int64(shape.in_c)
        }
    }
}
