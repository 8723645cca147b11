import Foundation
import XCTest

/// The hash by which a .slet file names the model that it was made from.
final class ProvenanceTests: XCTestCase {
    private func hash(_ scratch: Scratch) throws -> String {
        let out = scratch.path("out.slet")
        let run = try quantize(scratch.path("model.onnx"), "--float", "-o", out)
        XCTAssertEqual(run.status, 0, run.errors)
        let summary = try XCTUnwrap(try json(try swiftlet("inspect", out, "--json")) as? [String: Any])
        return try XCTUnwrap((summary["provenance"] as? [String: String])?["source.sha256"])
    }

    private func sha256(_ bytes: Data, _ scratch: Scratch) throws -> String {
        try bytes.write(to: URL(fileURLWithPath: scratch.path("all")))
        return String(try ToolProcess(path: "/usr/bin/sha256sum", [scratch.path("all")]).output.prefix(64))
    }

    func testModelOfOneFile() throws {
        let scratch = try Scratch()
        let model = SmallONNX.data(convolution: "mixing", weights: (0..<9).map { Float($0) }, isPooled: true)
        try model.write(to: URL(fileURLWithPath: scratch.path("model.onnx")))
        XCTAssertEqual(try hash(scratch), try sha256(model, scratch))
    }

    func testWeightsBesideTheModel() throws {
        let scratch = try Scratch()
        let model = SmallONNX.data(convolution: "mixing", weights: [], in: "model.onnx.data", isPooled: true)
        try model.write(to: URL(fileURLWithPath: scratch.path("model.onnx")))
        var hashes: Set<String> = []
        for first in [Float(1), 2] {
            let weights = ([first] + [Float](repeating: 0.5, count: 8)).withUnsafeBytes { Data($0) }
            try weights.write(to: URL(fileURLWithPath: scratch.path("model.onnx.data")))
            let hash = try hash(scratch)
            XCTAssertEqual(hash, try sha256(model + weights, scratch))
            hashes.insert(hash)
        }
        XCTAssertEqual(hashes.count, 2)
    }
}
