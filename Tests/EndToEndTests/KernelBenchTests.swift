import XCTest

/// `swiftlet bench --kernels`: what is timed and printed. Which kernel is faster is this machine's affair, and no test's.
final class KernelBenchTests: XCTestCase {
    /// A line of the table of times.
    private struct Row {
        let shape: String
        let kernel: String
        let isPick: Bool
        let microseconds: Double?
    }

    private func rows(_ run: ToolProcess) -> [Row] {
        let line = /(\w+)  +(\d+x\d+ \d.*?)  +(\* )?(\w+__\w+) +(\d+\.\d{3})? .*/
        return run.lines.compactMap { try? line.wholeMatch(in: $0) }.map { match in
            let (_, kind, shape, star, kernel, time) = match.output
            return Row(shape: kind + " " + shape, kernel: String(kernel), isPick: star != nil, microseconds: time.flatMap { Double($0) })
        }
    }

    private func bench(_ arguments: String..., environment: [String: String] = [:]) throws -> ToolProcess {
        let arguments = ["bench", "--kernels", "--arch", TestModels.architecture] + arguments
        return try ToolProcess("swiftlet", arguments, environment: environment)
    }

    func testEveryShapeHasItsKernelsAndOnePick() throws {
        let run = try bench()
        let rows = rows(run)
        let shapes = Dictionary(grouping: rows) { $0.shape }
        XCTAssertTrue(shapes.count > 50, run.output)
        for (shape, rows) in shapes {
            // Shapes that differ in their padding alone print alike: as many picks as times each kernel is there.
            let kernels = Dictionary(grouping: rows) { $0.kernel }
            let times = rows.filter { $0.isPick }.count
            XCTAssertTrue(times >= 1 && kernels.values.allSatisfy { $0.count == times }, shape)
            XCTAssertTrue(kernels.keys.contains { $0.hasSuffix("__scalar") }, shape)
            XCTAssertTrue(rows.allSatisfy { $0.microseconds.map { $0 > 0 } ?? !$0.isPick }, shape)
        }
        for kind in [
            "conv_s8", "depthwise_s8", "global_pool_s8", "mul_s8", "quantize", "dequantize", "conv_f32", "depthwise_f32", "mul_f32",
        ] {
            XCTAssertTrue(shapes.keys.contains { $0.hasPrefix(kind + " ") }, kind)
        }
        try assertVerdict(run)
    }

    /// Kernels beyond the cap are timed, but the pick is the cap's.
    func testCap() throws {
        let run = try bench("--precision", "int8", environment: ["SWIFTLET_ISA": "scalar"])
        let rows = rows(run)
        XCTAssertFalse(rows.isEmpty, run.output)
        XCTAssertTrue(rows.allSatisfy { $0.isPick == $0.kernel.hasSuffix("__scalar") })
        XCTAssertFalse(rows.contains { $0.kernel.contains("_f32_") })
        // With one kernel to choose from, none is better than the pick.
        XCTAssertEqual(run.status, 0, run.errors)
        try assertVerdict(run)
    }

    /// The exit code says what the last lines say.
    private func assertVerdict(_ run: ToolProcess) throws {
        let heading = try XCTUnwrap(run.lines.firstIndex { $0.hasPrefix("geometric means") }, run.output)
        let summary = run.lines[heading...]
        XCTAssertTrue(summary.contains { $0.hasPrefix("conv_s8__scalar ") }, run.output)
        let slow = summary.drop { !$0.hasPrefix("slower than another kernel") }.dropFirst()
        if slow.isEmpty {
            XCTAssertEqual(run.status, 0, run.errors)
            XCTAssertTrue(run.lines.last?.contains("pick is the fastest") ?? false, run.output)
        } else {
            XCTAssertEqual(run.status, 1)
            XCTAssertTrue(run.errors.contains("not the fastest for \(slow.count) of "), run.errors)
        }
    }

    func testUsage() throws {
        assertStops(try bench("--threads", "2"), 2, "--kernels does not go with --threads")
        assertStops(try bench("--json", "-"), 2, "--kernels does not go with --json")
        assertStops(try swiftlet("bench", "--kernels", "--arch", "ResNet"), 2, "there is no 'ResNet'")
    }
}
