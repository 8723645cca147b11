import Foundation
import XCTest

/// Arrays in place of calibration pictures and in comparisons.
final class ArrayCalibrationTests: XCTestCase {
    private let scratch = try! Scratch()

    /// A model that takes 3 x 8 x 8 and gives the mean of each channel.
    private func model() throws -> String {
        let path = scratch.path("model.onnx")
        try SmallONNX.data(scaling: [("Mul", 0.5)]).write(to: URL(fileURLWithPath: path))
        return path
    }

    private func quantized(_ calibration: String, _ name: String, _ options: String...) throws -> ToolProcess {
        try ToolProcess(
            "quantize",
            [
                try model(), "--preset", "fast", "--resize", "8x8", "--mean", "100,110,120", "--std", "50,60,70", "--calibration",
                calibration,
                "-o", scratch.path(name),
            ] + options)
    }

    private func values(_ picture: Int) -> [Float] { (0..<192).map { Float(($0 * 7 + picture * 31) % 97) / 48 - 1 } }

    private func write(_ name: String, _ data: Data) throws {
        let path = scratch.path(name)
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try data.write(to: URL(fileURLWithPath: path))
    }

    /// The file without what it says of its origin.
    private func parameters(_ name: String) throws -> [String: Any] {
        let summary = try json(try swiftlet("inspect", scratch.path(name), "--layers", "--json"))
        var values = try XCTUnwrap(summary as? [String: Any])
        values["provenance"] = nil
        return values
    }

    /// Arrays of one picture and of several, in files of their own or in one: the same pictures give the same model.
    func testTheSamePicturesInEveryForm() throws {
        try write("one.npy", NumpyFile.bytes([18, 3, 8, 8], (0..<18).flatMap { values($0) }))
        for picture in 0..<16 { try write("folder/\(10 + picture).npy", NumpyFile.bytes([3, 8, 8], values(picture))) }
        try write("folder/more/30.npy", NumpyFile.bytes([2, 3, 8, 8], values(16) + values(17)))
        try write("folder/read.me", Data("?".utf8))
        for (calibration, name) in [("one.npy", "a.slet"), ("folder", "b.slet")] {
            let run = try quantized(scratch.path(calibration), name)
            XCTAssertEqual(run.status, 0, run.errors)
            XCTAssertEqual(run.errors.contains("read.me"), calibration == "folder", run.errors)
        }
        XCTAssertEqual(try parameters("a.slet") as NSDictionary, try parameters("b.slet") as NSDictionary)
        let compared = try quantize("compare", try model(), scratch.path("a.slet"), "--images", scratch.path("folder"), "--json")
        let result = try XCTUnwrap(try json(compared) as? [String: Any])
        XCTAssertEqual(result["count"] as? Int, 18)
        XCTAssertEqual(result["agreement"] as? Double, 100)
    }

    /// Models of other channels than pictures have are compared on arrays; on pictures they can't be.
    func testModelsOfOtherChannels() throws {
        for channels in [1, 4, 8] {
            let (model, int8) = (scratch.path("\(channels).onnx"), scratch.path("\(channels).slet"))
            let weights = (0..<3 * channels).map { Float(($0 * 5) % 7) / 7 - 0.4 }
            try SmallONNX.twoOutputs(channels: channels, weights: weights).write(to: URL(fileURLWithPath: model))
            let count = 20 * channels * 64
            let array = NumpyFile.bytes([20, channels, 8, 8], (0..<count).map { Float(($0 * 7) % 97 - $0 / 640) / 48 })
            try write("\(channels).npy", array)
            let arrays = scratch.path("\(channels).npy")
            XCTAssertEqual(try quantize(model, "--preset", "fast", "--calibration", arrays, "-o", int8).status, 0)
            for reference in [model, int8] {
                let result = try XCTUnwrap(
                    try json(try quantize("compare", reference, int8, "--images", arrays, "--json")) as? [String: Any])
                XCTAssertEqual(result["count"] as? Int, 20)
                XCTAssertEqual(result["sqnr_db"] == nil, reference == int8)
            }
        }
        try write("pictures/1.ppm", Data("P6\n8 8\n255\n".utf8) + Data(repeating: 9, count: 192))
        let four = scratch.path("4.slet")
        assertStops(try quantize("compare", four, four, "--images", scratch.path("pictures")), 3, "4.slet")
    }

    /// A header is not believed beyond reason.
    func testAbsurdHeader() throws {
        try write("absurd.npy", NumpyFile.bytes([1 << 62, 3, 8, 8], values(0)))
        assertStops(try quantized(scratch.path("absurd.npy"), "x.slet"), 3, "4611686018427387904 pictures, more than")
    }

    /// Unsigned bytes are pixels: they give what pictures with these pixels give. This .npz is numpy.savez_compressed's, with labels.
    func testPixels() throws {
        let archive = try XCTUnwrap(Data(base64Encoded: Self.archive))
        try write("x.npz", archive)
        for picture in 0..<20 {
            let pixels = (0..<64).flatMap { position in
                (0..<3).map { channel in UInt8((channel == picture % 3 ? 200 : 10 + picture) + position / 8) }
            }
            try write("pictures/\(10 + picture).ppm", Data("P6\n8 8\n255\n".utf8) + Data(pixels))
        }
        let arrays = try quantized(scratch.path("x.npz"), "a.slet")
        XCTAssertEqual(arrays.status, 0, arrays.errors)
        XCTAssertTrue(arrays.errors.contains("labels has the shape [2], but the model takes [N, 3, 8, 8] or [3, 8, 8]"), arrays.errors)
        XCTAssertEqual(try quantized(scratch.path("pictures"), "b.slet").status, 0)
        XCTAssertEqual(try parameters("a.slet") as NSDictionary, try parameters("b.slet") as NSDictionary)
    }

    func testArraysThatDoNotFit() throws {
        try write("x.npy", NumpyFile.bytes([1, 3, 8, 9], [Float](repeating: 0, count: 216)))
        assertStops(try quantized(scratch.path("x.npy"), "a.slet"), 3, "shape [1, 3, 8, 9], but the model takes [N, 3, 8, 8]")
        try write("x.npz", Data(base64Encoded: Self.archive)!.dropLast(30))
        assertStops(try quantized(scratch.path("x.npz"), "a.slet"), 3, "x.npz: no zip directory")
        XCTAssertFalse(FileManager.default.fileExists(atPath: scratch.path("a.slet")))
    }

    private static let archive = """
        UEsDBC0AAAAIAAAAIQB0bEIV//////////8KABQAaW1hZ2VzLm5weQEAEACADwAAAAAAAA4BAAAAAAAAxda5SgNRGIbh2Cbuxn07LnAUpnBpxAtIp9hYWMlg
        RizEyIyxUa/Cm3L3ljLC6wXk+4rzkCaBl///4RR5PT0/ObsYaTw2nmK3qK7KeBzic38/ZiFe98qHMr+77JXd4u/3Tn5bFfXv1U1+X9Tfdw72snCYhaP6s5uF
        lzC85hve8YFPfOEbP/hFEy2MYgzjmMAkpuD2ajcN9353vtrNwO3d+91e3bsNt1e7Wbj3u/PVbg5un/r9qHvPw+3VbgHu/e58tVuE26d+P+reS3B7tVuGe787
        X+1W4Pap34+69yrcXu3W4N7vzle7dbh96vej7v3/B97t1W4D7v3ufLXbhNunfj/q3ltwe7Xbhnu/O38AUEsDBC0AAAAIAAAAIQAM/Bzp//////////8KABQA
        bGFiZWxzLm5weQEAEACQAAAAAAAAAEoAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNpoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjqa
        Ogq1ChQALkYGCGCC0gBQSwECLQMtAAAACAAAACEAdGxCFQ4BAACADwAACgAAAAAAAAAAAAAAgAEAAAAAaW1hZ2VzLm5weVBLAQItAy0AAAAIAAAAIQAM/Bzp
        SgAAAJAAAAAKAAAAAAAAAAAAAACAAUoBAABsYWJlbHMubnB5UEsFBgAAAAACAAIAcAAAANABAAAAAA==
        """.filter { !$0.isWhitespace }
}
