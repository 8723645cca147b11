import XCTest

/// Models with several outputs, maps among them, and with other channels than a picture's three.
final class OutputTests: XCTestCase {
    /// Each output takes one input channel and half of another.
    private func weights(_ channels: Int) -> [Float] {
        (0..<5).flatMap { output in (0..<channels).map { $0 == output % channels ? 1 : $0 == 0 ? 0.5 : 0 } }
    }

    private func model(_ scratch: Scratch, channels: Int) throws -> String {
        let file = scratch.path("model.onnx")
        try SmallONNX.twoOutputs(channels: channels, weights: weights(channels)).write(to: URL(fileURLWithPath: file))
        return file
    }

    /// [1][channels][8][8], and the map that the model makes of it, planes as well.
    private func tensors(_ channels: Int) -> (input: [Float], map: [Float]) {
        let input = (0..<(channels * 64)).map { Float(($0 * 37) % 101) / 50 - 1 }
        let weights = weights(channels)
        let map = (0..<(5 * 64)).map { place in
            (0..<channels).reduce(Float(0)) { $0 + weights[place / 64 * channels + $1] * input[$1 * 64 + place % 64] }
        }
        return (input, map)
    }

    func testMapsAndChosenOutputs() throws {
        for channels in [1, 2, 3, 7] {
            let scratch = try Scratch()
            let (source, slet) = (try model(scratch, channels: channels), scratch.path("m.slet"))
            let (input, map) = tensors(channels)
            let mean = (0..<5).map { map[($0 * 64)..<(($0 + 1) * 64)].reduce(0, +) / 64 }
            let (x, y) = (scratch.path("x.npy"), scratch.path("y.npy"))
            try NumpyFile.bytes([1, channels, 8, 8], input).write(to: URL(fileURLWithPath: x))
            for options in [["--float"], ["--calibration", x, "--preset", "fast"]] {
                let made = try ToolProcess("quantize", [source, "-o", slet] + options)
                XCTAssertEqual(made.status, 0, made.errors)
                let run = try swiftlet("run", slet, "--input", x, "--output", y, "--outputs", "map,mean")
                XCTAssertEqual(run.status, 0, run.errors)
                let (maps, means) = (try NumpyFile.values(scratch.path("y.map.npy")), try NumpyFile.values(scratch.path("y.mean.npy")))
                XCTAssertTrue(maps.header.contains("(1, 5, 8, 8)"), maps.header)
                XCTAssertTrue(means.header.contains("(1, 5)"), means.header)
                let tolerance: Float = options.count == 1 ? 1e-6 : 0.03
                for (found, expected) in zip(maps.values + means.values, map + mean) {
                    XCTAssertEqual(found, expected, accuracy: tolerance, "\(channels) channels, \(options)")
                }
                // By itself: the first vector.
                XCTAssertEqual(try swiftlet("run", slet, "--input", x, "--output", y).status, 0)
                XCTAssertEqual(try NumpyFile.values(y).values, means.values)
                XCTAssertEqual(try swiftlet("run", slet, "--input", x, "--output", y, "--outputs", "map").status, 0)
                XCTAssertEqual(try NumpyFile.values(y).values, maps.values)
            }
        }
    }

    func testInspectListsOutputs() throws {
        let scratch = try Scratch()
        let (source, slet) = (try model(scratch, channels: 3), scratch.path("m.slet"))
        XCTAssertEqual(try quantize(source, "--float", "-o", slet).status, 0)
        let runs = try [quantize("inspect", source, "--json"), quantize("inspect", slet, "--json"), swiftlet("inspect", slet, "--json")]
        for run in runs {
            let outputs = try XCTUnwrap((try json(run) as? [String: Any])?["outputs"] as? [[String: Any]])
            XCTAssertEqual(outputs.map { $0["name"] as? String }, ["map", "mean"])
            XCTAssertEqual(outputs.map { $0["shape"] as? [Int] }, [[8, 8, 5], [1, 1, 5]])
            XCTAssertEqual(outputs.map { $0["head"] as? String }, ["none", "none"])
        }
        for run in [try quantize("inspect", source), try swiftlet("inspect", slet)] {
            XCTAssertTrue(run.output.contains("map: 8x8x5 map\n"), run.output)
            XCTAssertTrue(run.output.contains("mean: 5 logits\n"), run.output)
        }
    }

    func testWrongNames() throws {
        let scratch = try Scratch()
        let (source, slet) = (try model(scratch, channels: 3), scratch.path("m.slet"))
        XCTAssertEqual(try quantize(source, "--float", "-o", slet).status, 0)
        let (x, y) = (scratch.path("x.npy"), scratch.path("y.npy"))
        try NumpyFile.bytes([1, 3, 8, 8], tensors(3).input).write(to: URL(fileURLWithPath: x))
        let picture = try scratch.writePicture("a.ppm", height: 8, width: 8, seed: 3)
        let unknown = "no output is called b; inspect lists them"
        assertStops(try swiftlet("run", slet, "--input", x, "--output", y, "--outputs", "map,b"), 2, unknown)
        assertStops(try swiftlet("run", slet, "--input", x, "--output", y, "--outputs", "map,map"), 2, "one file")
        assertStops(try swiftlet("classify", slet, picture, "--head", "b"), 2, unknown)
        assertStops(try swiftlet("classify", slet, picture, "--head", "map"), 2, "no vector")
        let named = try swiftlet("classify", slet, picture, "--head", "mean", "--json")
        XCTAssertEqual(named.output, try swiftlet("classify", slet, picture, "--json").output)
        XCTAssertEqual(named.status, 0, named.errors)
    }

    /// A backbone: nothing to classify by.
    func testAMapAlone() throws {
        let scratch = try Scratch()
        let (source, slet) = (scratch.path("model.onnx"), scratch.path("m.slet"))
        try SmallONNX.data(convolution: "mixing", weights: [1, 0, 0, 0, 1, 0, 0, 0, 1]).write(to: URL(fileURLWithPath: source))
        let made = try quantize(source, "--float", "-o", slet)
        XCTAssertEqual(made.status, 0, made.errors)
        assertStops(try swiftlet("classify", slet, try scratch.writePicture("a.ppm", height: 8, width: 8, seed: 3)), 3, "use swiftlet run")
    }

    func testGrayPicturesAndOtherChannels() throws {
        let scratch = try Scratch()
        let slet = scratch.path("m.slet")
        for index in 1...4 { try scratch.writePicture("\(index).ppm", height: 12, width: 12, seed: index * 5) }
        let gray = try quantize(try model(scratch, channels: 1), "--calibration", scratch.folder, "--preset", "fast", "-o", slet)
        XCTAssertEqual(gray.status, 0, gray.errors)
        XCTAssertTrue(gray.errors.contains("pictures become gray"), gray.errors)
        XCTAssertTrue(try swiftlet("inspect", slet).output.contains("gray"))
        XCTAssertEqual(try swiftlet("classify", slet, scratch.path("1.ppm"), "--head", "mean").status, 0)
        let asked = try quantize(
            try model(scratch, channels: 1), "--calibration", scratch.folder, "--preset", "fast", "-o", slet, "--channels", "gray",
            "--mean", "100", "--std", "50")
        XCTAssertEqual(asked.status, 0, asked.errors)
        XCTAssertFalse(asked.errors.contains("gray"), asked.errors)
        assertStops(
            try quantize(try model(scratch, channels: 1), "--float", "-o", slet, "--mean", "1,2,3", "--std", "50"), 2, "one value")
        assertStops(try quantize(try model(scratch, channels: 3), "--float", "-o", slet, "--channels", "gray"), 2, "3 channels")

        assertStops(
            try quantize(
                try model(scratch, channels: 4), "--calibration", scratch.folder, "--preset", "fast", "-o", scratch.path("4.slet")),
            3, "npy")
        let four = try quantize(try model(scratch, channels: 4), "--float", "-o", slet)
        XCTAssertEqual(four.status, 0, four.errors)
        assertStops(try swiftlet("classify", slet, scratch.path("1.ppm")), 3, "takes 4 channels, not pictures: use swiftlet run")
    }
}
