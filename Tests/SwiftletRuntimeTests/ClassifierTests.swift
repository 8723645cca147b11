import CAllocationCounter
import TestSupport
import XCTest

@testable import SwiftletRuntime

/// What a user of the library sees.
final class ClassifierTests: XCTestCase {
    private let jpeg = SmallJPEG.baseline.bytes

    private func text(_ predictions: [Prediction]) -> String {
        predictions.map { "\($0.index) \($0.label) \($0.probability)" }.joined(separator: "\n")
    }

    private func error(_ body: () throws -> Void) -> SwiftletError? {
        do {
            try body()
            return nil
        } catch {
            return error as? SwiftletError
        }
    }

    func testAllWaysInGiveTheSame() throws {
        let folder = NSTemporaryDirectory() + "/swiftlet-classifier-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data(SmallModel.bytes()).write(to: URL(fileURLWithPath: folder + "/m.slet"))
        try Data(jpeg).write(to: URL(fileURLWithPath: folder + "/cat.jpg"))

        let classifier = try Classifier(path: folder + "/m.slet", threads: 2)
        let expected = try classifier.classify(path: folder + "/cat.jpg", top: 3)
        XCTAssertEqual(expected.count, 3)
        XCTAssertEqual(expected.map(\.label), expected.map { "class \($0.index)" })
        XCTAssertTrue(zip(expected, expected.dropFirst()).allSatisfy { $0.probability >= $1.probability })
        XCTAssertEqual(text(try classifier.classify(bytes: jpeg, top: 3)), text(expected))
        let image = try Image.decode(jpeg)
        XCTAssertEqual(text(try classifier.classify(image, top: 3)), text(expected))
        XCTAssertEqual(text(try classifier.classify(pixels: image.bytes, height: 16, width: 16, top: 3)), text(expected))
        let scalar = try Classifier(Model(path: folder + "/m.slet", instructionSet: .scalar))
        XCTAssertEqual(text(try scalar.classify(path: folder + "/cat.jpg", top: 3)), text(expected))

        let all = try classifier.classify(image, top: 1000)
        XCTAssertEqual(all.count, classifier.model.classCount)
        XCTAssertEqual(all.reduce(0) { $0 + $1.probability }, 1, accuracy: 1e-12)
        XCTAssertEqual(try classifier.classify(image, top: 0).count, 0)
        XCTAssertEqual(try classifier.classify(image, top: -1).count, 0)

        // An error names its file, once, in one line.
        try Data("no picture".utf8).write(to: URL(fileURLWithPath: folder + "/a\nb.jpg"))
        let wrong = try XCTUnwrap(error { _ = try classifier.classify(path: folder + "/a\nb.jpg") })
        XCTAssertEqual(wrong.kind, .badFile)
        XCTAssertEqual(wrong.description, "\(folder)/a\\nb.jpg: neither a JPEG, a PNG nor a binary PPM or PGM")
        XCTAssertEqual(
            error { _ = try Classifier(path: folder + "/cat.jpg") }?.description,
            "\(folder)/cat.jpg: not a .slet file: wrong magic number")
    }

    func testHeads() throws {
        let model = try Model(bytes: SmallModel.withSeveralOutputs().finish())
        let plain = try Classifier(Model(bytes: SmallModel.bytes())).classify(bytes: jpeg, top: 3)
        XCTAssertEqual(text(try Classifier(model).classify(bytes: jpeg, top: 3)), text(plain))
        XCTAssertEqual(text(try Classifier(model, head: "logits").classify(bytes: jpeg, top: 3)), text(plain))
        // A sigmoid's shares stand for themselves, and labels are those of the output that classifies.
        let gate = try Classifier(model, head: "gate").classify(bytes: jpeg, top: 24)
        XCTAssertEqual(gate.count, 24)
        XCTAssertNotEqual(gate.reduce(0) { $0 + $1.probability }, 1, accuracy: 0.01)
        XCTAssertEqual(
            error { _ = try Classifier(model, head: "early") }?.description, "small: a map is no vector of classes")
        XCTAssertEqual(
            error { _ = try Classifier(model, head: "none") }?.description,
            "small: no output is called none; inspect lists them")
    }

    /// A model of one channel sees the luma, whatever its picture's colors.
    func testGrayPictures() throws {
        var builder = OneOperator.convolution(height: 2, width: 2, channels: 1) { $0.weights = [1, 2, 3, 4, 4, 3, 2, 1] }
        builder.preprocessing = Preprocessing(
            resize: .none, cropHeight: 0, cropWidth: 0, channelOrder: .gray, mean: [127.5], std: [10])
        let model = try Model(bytes: builder.finish())
        XCTAssertEqual(model.preprocessing, builder.preprocessing)
        XCTAssertTrue(model.takesPictures)
        let colors: [UInt8] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30]
        let luma: [UInt8] = [76, 150, 29, 18]
        let gray = luma.flatMap { [$0, $0, $0] }
        let classifier = try Classifier(model)
        XCTAssertEqual(
            text(try classifier.classify(pixels: colors, height: 2, width: 2)),
            text(try classifier.classify(pixels: gray, height: 2, width: 2)))
        let session = try Session(model)
        let values = luma.map { (Float($0) - 127.5) / 10 }
        var logits = [Float](repeating: 0, count: 2)
        var span = logits.mutableSpan
        try session.run(values: values.span, into: &span)
        XCTAssertEqual(try session.run([Image(height: 2, width: 2, pixels: colors)])[0], logits)
        XCTAssertNotEqual(logits[0], logits[1])
        // One channel without such preprocessing is no picture.
        builder.preprocessing = Preprocessing()
        XCTAssertFalse(try Model(bytes: builder.finish()).takesPictures)
    }

    func testSessionRun() throws {
        let model = try Model(bytes: SmallModel.bytes())
        XCTAssertEqual(model.inputShape, Model.InputShape(height: 17, width: 15, channels: 3))
        let session = try Session(model, batch: 2)
        let image = try Image.decode(jpeg)
        let expected = try session.run([image, image])
        XCTAssertEqual(expected[0], expected[1])
        XCTAssertEqual(try session.run([image]), [expected[0]])

        let pixels = try model.preprocessing.apply(image).bytes
        var logits = [Float](repeating: 0, count: 2 * model.classCount)
        func fill(_ values: [UInt8], _ results: inout [Float]) throws {
            var span = results.mutableSpan
            try session.run(pixels: values.span, into: &span)
        }
        try fill(pixels + pixels, &logits)
        XCTAssertEqual(logits, expected[0] + expected[1])

        let normalized = (pixels + pixels).enumerated().map { model.preprocessing.normalized(pixel: $1, channel: $0 % 3) }
        var again = [Float](repeating: 0, count: logits.count)
        var span = again.mutableSpan
        try session.run(values: normalized.span, into: &span)
        XCTAssertEqual(again, logits)
    }

    /// What does not fit is an error of the caller's, never a trap.
    func testWrongSizes() throws {
        let session = try Session(Model(bytes: SmallModel.bytes()))
        let classifier = try Classifier(session.model)
        let image = try Image(height: 1, width: 1, pixels: [1, 2, 3])
        var room = [Float](repeating: 0, count: 10)
        var little = [Float](repeating: 0, count: 9)
        let values = [Float](repeating: 0, count: 17 * 15 * 3)
        var errors = [
            error {
                var span = room.mutableSpan
                try session.run(values: [Float](repeating: 0, count: 7).span, into: &span)
            },
            error {
                var span = little.mutableSpan
                try session.run(values: values.span, into: &span)
            },
            error { _ = try session.run([]) }, error { _ = try session.run([image, image]) },
            error { try session.setInput(image, at: 1) },
            error { _ = try Session(session.model, threads: 0) }, error { _ = try Session(session.model, batch: -1) },
            error { _ = try classifier.classify(pixels: [1, 2], height: 1, width: 1) },
            error { _ = try classifier.classify(pixels: [], height: 0, width: -1) },
        ]
        errors.append(error { _ = try Preprocessing(mean: [], std: []).apply(image) })
        for (index, error) in errors.enumerated() {
            XCTAssertEqual(error?.kind, .badInput, "error \(index): \(error?.description ?? "none")")
        }
    }

    func testRunAllocatesNothing() throws {
        try XCTSkipUnless(allocations_are_counted(), "allocations are not counted under ThreadSanitizer")
        let session = try Session(Model(bytes: SmallModel.bytes()))
        let values = [Float](repeating: 0.5, count: 17 * 15 * 3)
        let pixels = [UInt8](repeating: 77, count: 17 * 15 * 3)
        var logits = [Float](repeating: 0, count: 10)
        var span = logits.mutableSpan
        // The first of each makes what Swift keeps for itself.
        try session.run(values: values.span, into: &span)
        try session.run(pixels: pixels.span, into: &span)
        let allocations = try fewestAllocations {
            for _ in 0..<100 {
                try session.run(values: values.span, into: &span)
                try session.run(pixels: pixels.span, into: &span)
            }
        }
        XCTAssertEqual(allocations, 0)
    }

    func testInstructionSets() {
        XCTAssertTrue(InstructionSet.available.contains(.scalar) && InstructionSet.available.contains(.best))
        for set in InstructionSet.allCases { XCTAssertEqual(InstructionSet(named: set.description), set) }
        XCTAssertNil(InstructionSet(named: "avx1024"))
    }
}
