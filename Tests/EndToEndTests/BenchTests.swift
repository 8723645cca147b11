import Foundation
import FoundationXML
import XCTest

/// `swiftlet bench`: what it counts, writes and compares. How long anything takes is this machine's affair, and no test's.
final class BenchTests: XCTestCase {
    /// PaddleClas' MobileNetV3 page: millions of parameters, 10^9 FLOPs.
    private let page: [(String, parameters: Double, flops: Double)] = [
        ("large_x1_25", 7.44, 0.714), ("large_x1_0", 5.47, 0.450), ("large_x0_75", 3.91, 0.296), ("large_x0_5", 2.67, 0.138),
        ("large_x0_35", 2.10, 0.077), ("small_x1_25", 3.62, 0.195), ("small_x1_0", 2.94, 0.123), ("small_x0_75", 2.37, 0.088),
        ("small_x0_5", 1.90, 0.043), ("small_x0_35", 1.66, 0.026),
    ]
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func report(_ path: String) throws -> [String: Any] {
        try XCTUnwrap(JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path))) as? [String: Any])
    }

    private func rows(_ report: [String: Any]) throws -> [[String: Any]] { try XCTUnwrap(report["rows"] as? [[String: Any]]) }

    func testOneCombination() throws {
        let models = try TestModels.made()
        let one = try swiftlet("bench", models.int8, "--runs", "3", "--warmup", "1")
        XCTAssertEqual(one.status, 0, one.errors)
        XCTAssertNotNil(one.lines.last?.wholeMatch(of: /min \d+\.\d+ ms/), one.output)
    }

    /// The same digits in all three, in the form that the schema says, of a table that fits a terminal.
    func testJSONAndCSVAndMarkdownAgree() throws {
        let models = try TestModels.made()
        let (json, csv, markdown) = (models.scratch.path("b.json"), models.scratch.path("b.csv"), models.scratch.path("b.md"))
        let run = try swiftlet(
            "bench", models.int8, models.float, "--threads", "1,2", "--batch", "1,2", "--runs", "7", "--warmup", "0", "--json", json,
            "--csv", csv, "--markdown", markdown, "--profile")
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertFalse(run.lines.last?.hasPrefix("min ") ?? true)
        let table = run.output.components(separatedBy: "warning: ")[0].components(separatedBy: "\n\n").prefix(3)
        for line in table.joined(separator: "\n").split(separator: "\n") { XCTAssertLessThanOrEqual(line.count, 100, String(line)) }

        let report = try report(json)
        let schema = try self.report(BenchTests.root.appendingPathComponent("Benchmarks/bench.schema.json").path)
        XCTAssertEqual(JSONSchema.faults(report, schema), [])
        XCTAssertEqual(JSONSchema.faults(["rows": [["threads": 1.5]]], schema).count, 4 + 26 + 1)  // what it would not let pass
        let rows = try rows(report)
        XCTAssertEqual(rows.count, 8)
        XCTAssertEqual(rows.filter { $0["over_fp32"] is NSNull }.count, 4)
        XCTAssertTrue(rows.allSatisfy { $0["threads"] as? Int != 1 || $0["speedup"] as? Double == 1 })
        for row in rows {
            let times = ["min_ms", "median_ms", "p90_ms", "p99_ms"].compactMap { row[$0] as? Double }
            XCTAssertEqual(times.count, 4)
            XCTAssertEqual(times, times.sorted())
            XCTAssertEqual((row["rounds_ms"] as? [[Double]])?.map(\.count), [1, 1, 2, 1, 2])
            let operators = try XCTUnwrap(row["operators"] as? [[String: Any]])
            XCTAssertEqual(operators.compactMap { $0["share"] as? Double }.reduce(0, +), 1, accuracy: 0.01)
        }

        let lines = try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        XCTAssertEqual(lines.count, 9)
        let text = try String(contentsOfFile: json, encoding: .utf8)
        for (line, row) in zip(lines.dropFirst(), rows) {
            for (key, value) in zip(lines[0], line) {
                if value.isEmpty {
                    XCTAssertTrue(row[key] is NSNull, key)
                } else if Double(value) == nil {
                    XCTAssertEqual(row[key] as? String, value)
                } else {
                    XCTAssertEqual((row[key] as? NSNumber)?.doubleValue, Double(value), key)
                    XCTAssertTrue(text.contains("\"\(key)\": \(value),"), "\(key) \(value)")
                }
            }
        }
        let written = try String(contentsOfFile: markdown, encoding: .utf8).split(separator: "\n")
        for (line, cells) in zip([written[0]] + written[2...].prefix(8), lines) {
            XCTAssertEqual(String(line), "| " + cells.joined(separator: " | ") + " |")
        }
        XCTAssertEqual(String(written[1]), "|" + String(repeating: " --- |", count: lines[0].count))
    }

    /// Each chart shows what it is for, and says where there is nothing of it.
    func testPlots() throws {
        let scratch = try Scratch()
        let json = scratch.path("b.json")
        let names = "MobileNetV3_small_x0_35,MobileNetV3_small_x0_5"
        let run = try swiftlet(
            "bench", "--arch", names, "--precision", "fp32,int8", "--threads", "1,2", "--batch", "1,4", "--runs", "2", "--warmup", "0",
            "--json", json)
        XCTAssertEqual(run.status, 0, run.errors)
        for (chart, shape, count) in [
            ("bars", "<rect class=", 16 + 2), ("precision", "<rect class=", 4 + 2), ("accuracy", "<circle class=", 4),
            ("threads", "<circle class=", 4), ("batch", "<circle class=", 4),
        ] {
            let svg = scratch.path(chart + ".svg")
            let drawn = try quantize("plot", json, "--chart", chart, "-o", svg)
            XCTAssertEqual(drawn.status, 0, drawn.errors)
            let text = try String(contentsOfFile: svg, encoding: .utf8)
            XCTAssertEqual(text.components(separatedBy: shape).count - 1, count, chart)
            XCTAssertNoThrow(try XMLDocument(xmlString: text))
        }
        let alone = scratch.path("alone.json")
        let single = try swiftlet("bench", "--arch", "mobilenet_v2", "--runs", "1", "--warmup", "0", "--json", alone)
        XCTAssertEqual(single.status, 0, single.errors)
        for chart in ["precision", "accuracy", "threads", "batch"] {
            assertStops(try quantize("plot", alone, "--chart", chart, "-o", scratch.path("none.svg")), 3, "alone.json")
        }
    }

    /// A lane a thread; what follows another on a lane begins after it.
    func testTrace() throws {
        let scratch = try Scratch()
        let (path, figures) = (scratch.path("t.json"), scratch.path("b.json"))
        let run = try swiftlet(
            "bench", "--arch", TestModels.architecture, "--threads", "1,2", "--runs", "1", "--warmup", "0", "--profile", "--trace", path,
            "--json", figures)
        XCTAssertEqual(run.status, 0, run.errors)
        let events = try XCTUnwrap(report(path)["traceEvents"] as? [[String: Any]])
        let names = events.filter { $0["ph"] as? String == "M" }.compactMap { ($0["args"] as? [String: Any])?["name"] as? String }
        XCTAssertEqual(names, [1, 2].map { "\(TestModels.architecture), int8, \($0) threads, batch 1" })
        let rows = try XCTUnwrap(report(figures)["rows"] as? [[String: Any]])
        for process in 0...1 {
            let operators = try XCTUnwrap(rows[process]["operators"] as? [[String: Any]])
            let stages = try XCTUnwrap(operators.compactMap { $0["stage"] as? Int }.max())
            let work = events.filter { $0["ph"] as? String == "X" && $0["pid"] as? Int == process }
            // A stage may have no work for some of the threads.
            XCTAssertTrue((stages...stages * (process + 1)).contains(work.count), "\(work.count) of \(stages) stages")
            for lane in Dictionary(grouping: work, by: { $0["tid"] as? Int }).values {
                var end = 0.0
                for event in lane {
                    let begin = try XCTUnwrap(event["ts"] as? Double)
                    XCTAssertGreaterThanOrEqual(begin, end - 0.002)
                    end = begin + (try XCTUnwrap(event["dur"] as? Double))
                }
            }
        }
        assertStops(try swiftlet("bench", "--arch", TestModels.architecture, "--trace", path), 2, "goes with --profile")
    }

    func testArchitectures() throws {
        let run = try swiftlet(
            "bench", "--arch", TestModels.architecture, "--precision", "int8,fp32", "--runs", "2", "--warmup", "0", "--json", "-")
        let report = try XCTUnwrap(try json(run) as? [String: Any])
        XCTAssertEqual(try rows(report).compactMap { $0["precision"] as? String }, ["int8", "fp32"])
        XCTAssertEqual(try rows(report).compactMap { $0["model"] as? String }, [TestModels.architecture, TestModels.architecture])
    }

    /// The page cuts some of its parameters and rounds others: its digits are ours to one in the last. Its FLOPs are two a
    /// multiply-accumulate and a few percent of other work. Its times are those of Targets/.
    func testPageOfPaddleClas() throws {
        let scratch = try Scratch()
        let names = page.map { "MobileNetV3_" + $0.0 }
        let targets = BenchTests.root.appendingPathComponent("Targets/snapdragon-855.json").path
        let options = ["--threads", "1,2,4", "--runs", "1", "--warmup", "0", "--json", "-", "--reference"]
        func measured(_ options: [String], _ names: [String]) throws -> [[String: Any]] {
            let run = try ToolProcess("swiftlet", ["bench", "--arch", names.joined(separator: ","), "--precision", "fp32"] + options)
            return try self.rows(try XCTUnwrap(json(run) as? [String: Any], run.errors))
        }
        let rows = try measured(options + ["sd855"], names)
        XCTAssertEqual(rows.count, 30)
        for (name, parameters, flops) in page {
            let row = try XCTUnwrap(rows.first { $0["model"] as? String == "MobileNetV3_" + name })
            XCTAssertEqual(try XCTUnwrap(row["parameters"] as? Double) / 1e6, parameters, accuracy: 0.0103, name)
            XCTAssertEqual(try XCTUnwrap(row["flops"] as? Double) / 1e9 / flops, 1, accuracy: 0.05, name)
        }
        let published = try XCTUnwrap(try report(targets)["reference"] as? [[String: Any]])
        for row in rows {
            let entry = try XCTUnwrap(
                published.first {
                    $0["model"] as? String == row["model"] as? String && $0["threads"] as? Int == row["threads"] as? Int
                        && $0["source"] as? String == "PaddleClas, MobileNetV3 page"
                })
            XCTAssertEqual(row["reference_ms"] as? Double, entry["ms"] as? Double)
        }
        let small = [names[9]]
        XCTAssertEqual(try measured(options + [targets], small).map { $0["reference_ms"] as? Double }, [2.23, 1.66, 1.43])
        XCTAssertEqual(
            try measured(["--batch", "8"] + options + ["v100"], small).map { $0["reference_ms"] as? Double }, [1.92, 1.92, 1.92])
        assertStops(try swiftlet("bench", "--arch", names[0], "--reference", try scratch.write("r.json", "{}")), 3, "no list 'reference'")
    }

    /// A tenth more is told from noise; the same file is not; a limit makes it a failure.
    func testCompare() throws {
        let scratch = try Scratch()
        func file(_ name: String, _ factor: Double, seed: Int) throws -> String {
            let rows = [1, 2].map { (threads: Int) -> [String: Any] in
                let rounds = (0..<5).map { (round: Int) -> [Double] in
                    let base: Double = 2 + 0.005 * Double((round * seed) % 7)
                    return (0..<21).map { (place: Int) -> Double in factor * Double(threads) * (base + 0.002 * Double(place)) }
                }
                return ["model": "m", "precision": "int8", "threads": threads, "batch": 1, "runs": 500, "rounds_ms": rounds]
            }
            let value: [String: Any] = ["device": ["cpu": "c", "isa": "avx2", "version": "1"], "rows": rows]
            return try scratch.write(name, String(decoding: JSONSerialization.data(withJSONObject: value), as: UTF8.self))
        }
        let before = try file("a.json", 1, seed: 3)
        let (again, slower) = (try file("b.json", 1.001, seed: 5), try file("c.json", 1.1, seed: 5))
        for (after, limit, status, verdict) in [
            (before, "0%", Int32(0), "2 rows: 0 slower, 0 faster"), (again, "0", 0, "2 rows: 0 slower, 0 faster"),
            (slower, "5%", 1, "2 rows: 2 slower, 0 faster"), (slower, "15%", 0, "2 rows: 2 slower, 0 faster"),
        ] {
            let run = try swiftlet("bench", "--compare", before, after, "--fail-above", limit)
            XCTAssertEqual(run.status, status, run.output + run.errors)
            XCTAssertTrue(run.output.contains(verdict), run.output)
        }
        XCTAssertTrue(try swiftlet("bench", "--compare", slower, before).output.contains("2 rows: 0 slower, 2 faster"))
        assertStops(try swiftlet("bench", "--compare", before), 2, "second file")
        assertStops(try swiftlet("bench", "--compare", before, slower, "--fail-above", "much"), 2, "such as 5%")
        for (name, text) in [
            ("cut.json", "{\"rows\": [{\"model\""), ("deep.json", String(repeating: "[", count: 99_999)), ("none.json", "{\"rows\": []}"),
            ("wrong.json", "{\"rows\": [{\"model\": \"m\", \"precision\": \"int8\", \"threads\": 1, \"batch\": 1, \"rounds_ms\": [[0]]}]}"),
        ] {
            assertStops(try swiftlet("bench", "--compare", before, try scratch.write(name, text)), 3, name)
        }
    }

    /// What was measured by then is written, and said to be partial. On a busy machine it takes long until something is.
    func testInterrupted() throws {
        let scratch = try Scratch()
        for (attempt, seconds) in [1.0, 4, 16, 60].enumerated() {
            let path = scratch.path("partial-\(attempt).json")
            let process = Process()
            process.executableURL = ToolProcess.folder.appendingPathComponent("swiftlet")
            process.arguments = ["bench", "--arch", TestModels.architecture, "--threads", "1,2", "--min-time", "3600", "--json", path]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            Thread.sleep(forTimeInterval: seconds)
            process.interrupt()
            process.waitUntilExit()
            guard FileManager.default.fileExists(atPath: path) else { continue }
            XCTAssertEqual(process.terminationReason, .exit)
            XCTAssertEqual(process.terminationStatus, 1)
            let report = try report(path)
            XCTAssertEqual(report["partial"] as? Bool, true)
            XCTAssertEqual(try rows(report).count, 1)
            return
        }
        XCTFail("nothing was measured in a minute")
    }
}
