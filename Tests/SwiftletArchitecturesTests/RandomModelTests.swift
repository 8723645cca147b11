import SwiftletArchitectures
import SwiftletRuntime
import XCTest

final class RandomModelTests: XCTestCase {
    /// A small picture keeps it quick; all layers are there.
    private func architecture(_ name: String) throws -> Architecture {
        var architecture = try XCTUnwrap(Architecture.named(name))
        architecture.inputSize = 64
        return architecture
    }

    private func session(_ architecture: Architecture, _ precision: ElementType, seed: UInt64 = 1) throws -> Session {
        let model = try Model(bytes: RandomModel.bytes(of: architecture, precision: precision, seed: seed))
        return try Session(model, keepsTensors: true)
    }

    /// A picture with structure at all sizes, roughly normalized: coarse noise, interpolated, under finer noise.
    private func picture(_ seed: UInt64, size: Int) -> [Float] {
        var random = SplitMix64(seed: seed)
        var values = [Float](repeating: 0, count: size * size * 3)
        for cell in [16, 4, 1] {
            let cells = size / cell
            let noise = (0..<cells * cells * 3).map { _ in random.nextNormal() * 0.6 }
            for y in 0..<size {
                for x in 0..<size {
                    for c in 0..<3 { values[(y * size + x) * 3 + c] += noise[(y / cell * cells + x / cell) * 3 + c] }
                }
            }
        }
        return values
    }

    private func logits(_ session: Session, _ picture: [Float]) throws -> [Float] {
        try picture.withUnsafeBufferPointer { try session.setInput(values: $0) }
        session.run()
        return Array(session.logits())
    }

    private func rootMeanSquare(_ values: [Float]) -> Float {
        (values.reduce(0) { $0 + $1 * $1 } / Float(values.count)).squareRoot()
    }

    private func cosine(_ a: [Float], _ b: [Float]) -> Float {
        zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } / (rootMeanSquare(a) * rootMeanSquare(b) * Float(a.count))
    }

    private let families = ["MobileNetV3_small_x0_35", "mobilenet_v3_small", "efficientnet_lite0"]

    func testActivationsAreOfOrderOneAndPicturesDiffer() throws {
        for name in families {
            let architecture = try architecture(name)
            let session = try session(architecture, .float32)
            let first = try logits(session, picture(1, size: 64))
            for operation in session.model.operators {
                let size = rootMeanSquare(try session.tensor(operation.output))
                XCTAssertTrue(0.2...6 ~= size, "\(name), \(operation.name): \(size)")
            }
            let second = try logits(session, picture(2, size: 64))
            XCTAssertGreaterThan(rootMeanSquare(zip(first, second).map { $0 - $1 }), 0.15 * rootMeanSquare(first), name)
        }
    }

    /// The integers mean what the floats say: grids, folded zero points, gates and residuals are right.
    func testInt8IsCloseToFloat() throws {
        for name in families {
            let architecture = try architecture(name)
            let input = picture(1, size: 64)
            let exact = try logits(session(architecture, .float32), input)
            let quantized = try logits(session(architecture, .int8), input)
            XCTAssertGreaterThan(cosine(exact, quantized), 0.95, name)
            let other = try logits(session(architecture, .float32, seed: 2), input)
            XCTAssertLessThan(abs(cosine(exact, other)), 0.2, name)
        }
    }

    func testFileSaysWhatItIs() throws {
        let bytes = RandomModel.bytes(of: try architecture("efficientnet_lite0"), precision: .int8, seed: 7)
        let model = try Model(bytes: bytes)
        XCTAssertEqual(model.name, "efficientnet_lite0")
        XCTAssertFalse(model.isFloat)
        XCTAssertEqual(model.preprocessing.mean, [127, 127, 127])
        XCTAssertEqual(model.preprocessing.cropHeight, 64)
        XCTAssertEqual(model.provenance.map(\.value), ["random weights, seed 7"])
        XCTAssertEqual(bytes, RandomModel.bytes(of: try architecture("efficientnet_lite0"), precision: .int8, seed: 7))
    }

    /// What the reader counts is what the table says, at the size the networks are published for.
    func testMultiplyAccumulates() throws {
        let architecture = try XCTUnwrap(Architecture.named("MobileNetV3_small_x0_35"))
        let model = try Model(bytes: RandomModel.bytes(of: architecture, precision: .float32))
        XCTAssertEqual(model.multiplyAccumulates, Int64(architecture.cost.macs))
        XCTAssertTrue(model.isFloat)
    }
}
