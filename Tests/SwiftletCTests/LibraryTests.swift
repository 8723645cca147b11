import CSwiftlet
import TestSupport
import XCTest

@testable import SwiftletRuntime

/// The C functions beside the Swift library under them. What else `swiftlet.h` promises is tried from C, in Tests/SwiftletC.
final class LibraryTests: XCTestCase {
    private let bytes = SmallModel.bytes()
    private let jpeg = SmallJPEG.baseline.bytes

    private func withModel(_ body: (OpaquePointer) throws -> Void) throws {
        let model = try XCTUnwrap(swiftlet_model_open_bytes(bytes, bytes.count), String(cString: swiftlet_last_error()))
        defer { swiftlet_model_close(model) }
        try body(model)
    }

    private func withSession(threads: Int32 = 1, _ body: (OpaquePointer) throws -> Void) throws {
        try withModel { model in
            let session = try XCTUnwrap(swiftlet_session_create(model, threads), String(cString: swiftlet_last_error()))
            defer { swiftlet_session_destroy(session) }
            try body(session)
        }
    }

    private func text(_ results: [swiftlet_result]) -> [String] {
        results.map { "\($0.index) \(String(cString: $0.label)) \($0.probability)" }
    }

    func testAnswersAreTheClassifiers() throws {
        let expected = try Classifier(Model(bytes: bytes)).classify(bytes: jpeg, top: 4)
        let image = try jpeg.withUnsafeBytes { try Image.decode($0) }
        try withSession(threads: 2) { session in
            var results = [swiftlet_result](repeating: swiftlet_result(), count: 4)
            XCTAssertEqual(swiftlet_classify_image(session, jpeg, jpeg.count, &results, 4), 4)
            XCTAssertEqual(text(results), expected.map { "\($0.index) \($0.label) \(Float($0.probability))" })
            let pixels = image.withPixels { Array($0) }
            var again = results
            XCTAssertEqual(
                swiftlet_classify_pixels(
                    session, pixels, Int32(image.width), Int32(image.height), Int32(3 * image.width), Int32(SWIFTLET_RGB.rawValue), &again,
                    4), 4)
            XCTAssertEqual(text(again), text(results))
        }
    }

    func testTensorsAreTheSessions() throws {
        let session = try Session(Model(bytes: bytes))
        let shape = session.model.inputShape
        let planes = (0..<shape.count).map { Float(($0 * 7919) % 512) / 128 - 2 }
        try planes.withUnsafeBufferPointer { try session.setInput(planes: $0) }
        session.run()
        let expected = Array(session.logits())
        try withSession { session in
            var logits = [Float](repeating: 0, count: 20)
            XCTAssertEqual(swiftlet_run(session, planes + planes, 2 * planes.count, &logits, 20), 20)
            XCTAssertEqual(logits, expected + expected)
        }
    }

    func testFormatsHaveTheHeadersNumbers() {
        let numbers = [
            SWIFTLET_RGB, SWIFTLET_BGR, SWIFTLET_RGBA, SWIFTLET_BGRA, SWIFTLET_GRAY, SWIFTLET_NV12, SWIFTLET_I420, SWIFTLET_YUYV,
        ].map { Int32($0.rawValue) }
        let formats: [PixelFormat] = [.rgb, .bgr, .rgba, .bgra, .gray, .nv12, .i420, .yuyv]
        XCTAssertEqual(formats.map(\.rawValue), numbers)
        XCTAssertEqual(PixelFormat.allCases.count, numbers.count)
    }

    /// One session from several threads, and several sessions of one model, each from the first call on: for ThreadSanitizer.
    func testManyThreads() throws {
        try withModel { model in
            let shared = try XCTUnwrap(swiftlet_session_create(model, 2))
            defer { swiftlet_session_destroy(shared) }
            var expected = swiftlet_result()
            XCTAssertEqual(swiftlet_classify_image(shared, jpeg, jpeg.count, &expected, 1), 1)
            let (index, probability, jpeg) = (expected.index, expected.probability, jpeg)
            nonisolated(unsafe) let (model, session) = (model, shared)
            DispatchQueue.concurrentPerform(iterations: 6) { number in
                let own = number % 2 == 0 ? nil : swiftlet_session_create(model, 1)
                for _ in 0..<5 {
                    var result = swiftlet_result()
                    XCTAssertEqual(swiftlet_classify_image(own ?? session, jpeg, jpeg.count, &result, 1), 1)
                    XCTAssertEqual(result.index, index)
                    XCTAssertEqual(result.probability, probability)
                    XCTAssertNil(swiftlet_model_open("no/\(number)"))
                    XCTAssertTrue(String(cString: swiftlet_last_error()).hasPrefix("no/\(number): "))
                }
                swiftlet_session_destroy(own)
            }
        }
    }
}
