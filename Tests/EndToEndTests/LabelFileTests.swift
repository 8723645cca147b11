import Foundation
import XCTest

/// Label files in the forms that people have.
final class LabelFileTests: XCTestCase {
    private let scratch = Result { try Scratch() }

    /// The labels that a model of two classes gets, and what is said.
    private func labels(_ text: String, bad: String? = nil, line: UInt = #line) throws -> (names: Set<String>, errors: String) {
        let scratch = try scratch.get()
        let (model, out) = (scratch.path("model.onnx"), scratch.path("out.slet"))
        // Three channels, pooled: three classes.
        try SmallONNX.data(nodes: [("Relu", "relu"), ("GlobalAveragePool", "pool"), ("Flatten", "flat")])
            .write(to: URL(fileURLWithPath: model))
        let run = try quantize(model, "--float", "--labels", try scratch.write("labels", text), "-o", out)
        if let bad {
            assertStops(run, 3, bad, line: line)
            return ([], run.errors)
        }
        XCTAssertEqual(run.status, 0, run.errors, line: line)
        let picture = try scratch.writePicture("p.ppm", seed: 3)
        let answer = try json(try swiftlet("classify", out, picture, "--top", "3", "--json")) as? [[String: Any]]
        let results = try XCTUnwrap(answer?.first?["results"] as? [[String: Any]])
        return (Set(results.map { "\($0["class"] ?? "") \($0["label"] ?? "")" }), run.remarks.joined(separator: "\n"))
    }

    func testForms() throws {
        let expected: Set = ["0 cat", "1 dog", "2 hen"]
        let plain = try labels("cat\ndog\nhen\n\n")
        XCTAssertEqual(plain.names, expected)
        XCTAssertEqual(plain.errors, "")
        for text in [
            #"["cat", "dog", "hen"]"#, #"{"2": "hen", "0": "cat", "1": "dog"}"#,
            #"{"0": ["n00000000", "cat"], "1": ["n1", "dog"], "2": ["n2", "hen"]}"#,
            #"{"hen": 2, "cat": 0, "dog": 1}"#, "0 cat\n1 dog\n2 hen\n", "2\then\n1\tdog\n0\tcat",
            "n01440764 cat\nn01440765 dog\nn01440766 hen",
            "{\n\"cat\": 0,\n\"dog\": 1, \"hen\": 2}",
        ] {
            let given = try labels(text)
            XCTAssertEqual(given.names, expected, text)
            XCTAssertTrue(given.errors.contains("taken for") && given.errors.contains("class 0 is 'cat'"), given.errors)
            XCTAssertEqual(given.errors.split(separator: "\n").count, 1, given.errors)
        }
        XCTAssertEqual(try labels("7 up\n0 zero\n1 one").names, ["0 7 up", "1 0 zero", "2 1 one"])
    }

    func testErrors() throws {
        _ = try labels("cat\ndog\n", bad: "2 labels, but the model has 3 classes")
        _ = try labels(#"["cat", "dog"]"#, bad: "a JSON list of 2 labels")
        _ = try labels(#"{"cat": 0, "dog": 0, "hen": 1}"#, bad: "class 0 twice")
        _ = try labels(#"{"0": "cat", "1": "dog", "3": "hen"}"#, bad: "class 3 of 3")
        _ = try labels(#"{"0": "cat", "0": "dog", "1": "hen", "2": "x"}"#, bad: "stands there twice")
        _ = try labels(#"{"0": 1.5}"#, bad: "labels in JSON are")
        _ = try labels("[cat", bad: "not valid JSON")
    }
}
