import Foundation
import XCTest

/// Small models, made once by the built `quantize`, with pictures for them.
final class TestModels: Sendable {
    static let architecture = "MobileNetV3_small_x0_35"
    private static let result = Result { try TestModels() }

    /// Whoever needs the models fails with what went wrong in making them.
    static func made() throws -> TestModels { try result.get() }

    let scratch: Scratch
    let int8: String
    let float: String
    let pictures: [String]
    /// `file,class` for the pictures, which lie in `scratch.folder`.
    let list: String

    private init() throws {
        scratch = try Scratch()
        (int8, float) = (scratch.path("int8.slet"), scratch.path("float.slet"))
        let runs = [
            try quantize("--arch", TestModels.architecture, "--calibration", "random", "--samples", "2", "--preset", "fast", "-o", int8),
            try quantize("--arch", TestModels.architecture, "--float", "-o", float),
        ]
        for run in runs where run.status != 0 { throw Failure(message: run.errors) }
        let scratch = scratch
        pictures = try (1...3).map { try scratch.writePicture("\($0).ppm", seed: $0 * 7) }
        list = try scratch.write("list.csv", "file,class\n1.ppm,3\n2.ppm,999\n3.ppm,0\n")
    }

    struct Failure: Error, CustomStringConvertible {
        let message: String
        var description: String { message }
    }
}

func json(_ run: ToolProcess, file: StaticString = #filePath, line: UInt = #line) throws -> Any {
    XCTAssertEqual(run.status, 0, run.errors, file: file, line: line)
    return try JSONSerialization.jsonObject(with: Data(run.output.utf8))
}
