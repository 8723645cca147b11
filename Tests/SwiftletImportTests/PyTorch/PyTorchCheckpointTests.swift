import SwiftletImport
import SwiftletRuntime
import XCTest

final class PyTorchCheckpointTests: XCTestCase {
    private typealias Value = PickleWriter.Value

    private func read(_ bytes: [UInt8]) throws -> [String: WeightTensor] {
        try PyTorchCheckpoint.tensors(in: bytes)
    }

    private func assertRefused(_ bytes: [UInt8], _ reason: String, line: UInt = #line) {
        XCTAssertThrowsError(try read(bytes), line: line) { error in
            XCTAssertTrue(error is CheckpointError && "\(error)".contains(reason), "\(error)", line: line)
        }
    }

    func testBothContainers() throws {
        var writer = CheckpointWriter()
        let root = Value.dict([
            (.string("a.weight"), writer.tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])), (.string("a.bias"), writer.tensor([-7.5], shape: [1])),
            (.string("scalar"), writer.tensor([8], shape: [])), (.string("empty"), writer.tensor([], shape: [0, 3])),
        ])
        let expected = [
            "a.weight": WeightTensor(shape: [2, 3], values: [1, 2, 3, 4, 5, 6]), "a.bias": WeightTensor(shape: [1], values: [-7.5]),
            "scalar": WeightTensor(shape: [], values: [8]), "empty": WeightTensor(shape: [0, 3], values: []),
        ]
        XCTAssertEqual(try read(writer.zip(root)), expected)
        XCTAssertEqual(try read(writer.zip(root, checksums: false)), expected)
        XCTAssertEqual(try read(writer.zip(root, zip64: true)), expected)
        XCTAssertEqual(try read(writer.legacy(root)), expected)
        XCTAssertEqual(try read(writer.legacy(root, keys: [2, 0, 3, 1])), expected)
    }

    func testElementTypes() throws {
        var writer = CheckpointWriter()
        let storages: [(String, Value, [Float])] = [
            ("double", writer.storage("DoubleStorage", [0.1, -2] as [Double]), [0.1, -2]),
            ("half", writer.storage("HalfStorage", [0x3C00, 0xC100, 0x0001] as [UInt16]), [1, -2.5, 0x1p-24]),
            ("bfloat16", writer.storage("BFloat16Storage", [0x3F80, 0xC020] as [UInt16]), [1, -2.5]),
            ("int64", writer.storage("LongStorage", [-3, 1 << 40] as [Int64]), [-3, 0x1p40]),
            ("int32", writer.storage("IntStorage", [-3, 70000] as [Int32]), [-3, 70000]),
            ("int16", writer.storage("ShortStorage", [-300] as [Int16]), [-300]),
            ("int8", writer.storage("CharStorage", [-3] as [Int8]), [-3]),
            ("uint8", writer.storage("ByteStorage", [200] as [UInt8]), [200]),
            ("bool", writer.storage("BoolStorage", [0, 1] as [UInt8]), [0, 1]),
        ]
        let root = Value.dict(storages.map { (.string($0), CheckpointWriter.tensor($1, shape: [$2.count], strides: [1])) })
        for bytes in [writer.zip(root), writer.legacy(root)] {
            let tensors = try read(bytes)
            for (name, _, values) in storages { XCTAssertEqual(tensors[name]?.values, values, name) }
        }
    }

    func testStridesAndOffsets() throws {
        var writer = CheckpointWriter()
        let storage = writer.storage("FloatStorage", (0..<24).map { Float($0) })
        let root = Value.dict([
            (.string("transposed"), CheckpointWriter.tensor(storage, shape: [3, 2], strides: [1, 3])),
            (.string("part"), CheckpointWriter.tensor(writer.id(0), offset: 13, shape: [2, 1, 2], strides: [6, 99, 2])),
        ])
        let tensors = try read(writer.zip(root))
        XCTAssertEqual(tensors["transposed"], WeightTensor(shape: [3, 2], values: [0, 3, 1, 4, 2, 5]))
        XCTAssertEqual(tensors["part"], WeightTensor(shape: [2, 1, 2], values: [13, 15, 19, 21]))
    }

    func testTrainingCheckpoint() throws {
        var writer = CheckpointWriter()
        let tensor = writer.tensor([1, 2], shape: [2])
        let parameter = Value.call(.global("torch._utils", "_rebuild_parameter"), [tensor, .bool(true), .call(.orderedDict, [])])
        let arguments = Value.call(.global("argparse", "Namespace"), [])
        // OrderedDict as Python 2 pickles it: its items are an argument.
        let state = Value.call(.orderedDict, [.list([.list([.string("module.w"), parameter])])])
        for wrapper in ["state_dict", "model", "model_ema"] {
            let root = Value.dict([(.string("epoch"), .int(3)), (.string("args"), arguments), (.string(wrapper), state)])
            XCTAssertEqual(try read(writer.zip(root)), ["w": WeightTensor(shape: [2], values: [1, 2])], wrapper)
        }
        let twice = Value.dict([(.string("model"), .dict([(.string("state_dict"), state)]))])
        XCTAssertEqual(Array(try read(writer.legacy(twice)).keys), ["w"])
    }

    /// A prefix that only some names have belongs to them.
    func testPrefixes() throws {
        var writer = CheckpointWriter()
        let (a, b) = (writer.tensor([1], shape: [1]), writer.tensor([2], shape: [1]))
        let mixed = Value.dict([(.string("module.a"), a), (.string("b"), b)])
        XCTAssertEqual(Set(try read(writer.zip(mixed)).keys), ["module.a", "b"])
        let compiled = Value.dict([(.string("module._orig_mod.a"), a), (.string("module._orig_mod.b"), b)])
        XCTAssertEqual(Set(try read(writer.zip(compiled)).keys), ["a", "b"])
    }

    func testViewOfAnOldStorage() throws {
        var writer = CheckpointWriter()
        _ = writer.storage("FloatStorage", [0, 1, 2, 3, 4] as [Float])
        let view = writer.id(0, legacyView: .tuple([.string("v"), .int(2), .int(3)]))
        let root = Value.dict([(.string("w"), CheckpointWriter.tensor(view, shape: [3], strides: [1]))])
        XCTAssertEqual(try read(writer.legacy(root))["w"]?.values, [2, 3, 4])
        let outside = writer.id(0, legacyView: .tuple([.string("v"), .int(3), .int(3)]))
        assertRefused(writer.legacy(.dict([(.string("w"), CheckpointWriter.tensor(outside, shape: [3], strides: [1]))])), "outside")
    }

    // MARK: What is refused

    func testCodeIsRefusedByName() {
        let writer = CheckpointWriter()
        let root = Value.call(.global("os", "system"), [.string("true")])
        assertRefused(writer.zip(root), "os.system")
        assertRefused(writer.legacy(root), "os.system")
        // STACK_GLOBAL, protocol 4
        let stacked = Value.raw([0x8C, 8] + Array("builtins".utf8) + [0x8C, 4] + Array("eval".utf8) + [0x93])
        assertRefused(writer.zip(stacked), "builtins.eval")
    }

    func testOtherFiles() {
        let writer = CheckpointWriter()
        assertRefused([], "not a PyTorch checkpoint")
        assertRefused(Array("hello, world".utf8), "not a PyTorch checkpoint")
        assertRefused(ZipWriter.archive([("a.txt", [1])], method: 0, checksums: true, zip64: false), "data.pkl")
        assertRefused(writer.zip(.dict([(.string("epoch"), .int(1))])), "no state dict")
        assertRefused(writer.zip(.int(1), byteOrder: "big"), "byte order")
        assertRefused(writer.zip(.int(1), method: 8), "compressed")
    }

    func testDamageIsFoundByTheChecksum() throws {
        var writer = CheckpointWriter()
        let root = Value.dict([(.string("w"), writer.tensor([0x1.234568p0, 1], shape: [2]))])
        var bytes = writer.zip(root)
        let pattern = withUnsafeBytes(of: Float(0x1.234568p0)) { Array($0) }
        let place = try XCTUnwrap((0..<bytes.count - 4).first { Array(bytes[$0..<$0 + 4]) == pattern })
        bytes[place] ^= 1
        assertRefused(bytes, "checksum of zip entry net/data/0")
    }

    func testTensorsOutsideTheirStorage() {
        var writer = CheckpointWriter()
        let storage = writer.storage("FloatStorage", [1, 2, 3, 4] as [Float])
        for (offset, shape, strides) in [
            (1, [4], [1]), (0, [5], [1]), (0, [2, 2], [3, 1]), (-1, [1], [1]), (0, [4], [-1]), (5, [1], [1]), (0, [2], [Int.max]),
            (0, [4], [1, 1]),
            (0, [Int.max, Int.max, 0], [1, 1, 1]), (0, [1 << 32, 1 << 32], [0, 0]),
            (0, [Int](repeating: 1, count: 17), [Int](repeating: 1, count: 17)),
            // Expanded by a stride of 0: more elements than the storage has.
            (0, [1 << 40], [0]),
        ] {
            let root = Value.dict([(.string("w"), CheckpointWriter.tensor(storage, offset: offset, shape: shape, strides: strides))])
            assertRefused(writer.zip(root), "tensor w of shape")
        }
        let lie = Value.dict([(.string("w"), CheckpointWriter.tensor(writer.id(0, count: 5), shape: [5], strides: [1]))])
        assertRefused(writer.zip(lie), "shorter")
        assertRefused(writer.legacy(lie), "does not have the size")
    }

    /// Tensors that share a storage must not add up to more than the file could hold.
    func testManyViewsOfOneStorage() {
        var writer = CheckpointWriter()
        let storage = writer.storage("ByteStorage", [UInt8](repeating: 1, count: 1 << 16))
        let view = CheckpointWriter.tensor(storage, shape: [1 << 16], strides: [1])
        assertRefused(writer.zip(.dict((0..<8).map { (.string("w\($0)"), view) })), "more values than the file has room for")
    }

    /// Deep nesting must not recurse, neither in reading nor in freeing.
    func testDeepNesting() {
        let writer = CheckpointWriter()
        assertRefused(writer.zip(.raw([UInt8(ascii: ")")] + [UInt8](repeating: 0x85, count: 200_000))), "no state dict")
        // d = {}; d["model"] = d
        let cycle: [UInt8] =
            [UInt8(ascii: "}"), UInt8(ascii: "q"), 0, UInt8(ascii: "X"), 5, 0, 0, 0] + Array("model".utf8)
            + [UInt8(ascii: "h"), 0, UInt8(ascii: "s")]
        assertRefused(writer.zip(.raw(cycle)), "no state dict")
    }

    /// Any damage is an error or goes unnoticed in a number; it never ends the process.
    func testTruncationsAndFlips() {
        var writer = CheckpointWriter()
        let state = Value.call(.orderedDict, [.list([.list([.string("module.w"), writer.tensor([1, 2, 3, 4], shape: [2, 2])])])])
        let root = Value.dict([(.string("state_dict"), state), (.string("best"), .int(1 << 40))])
        var random = SplitMix64(seed: 1)
        for whole in [writer.zip(root), writer.zip(root, checksums: false, zip64: true), writer.legacy(root)] {
            for count in 0..<whole.count { XCTAssertThrowsError(try read(Array(whole.prefix(count))), "first \(count) bytes") }
            var failures = 0
            for _ in 0..<2000 {
                var damaged = whole
                for _ in 0...Int.random(in: 0...1, using: &random) {
                    damaged[Int.random(in: 0..<damaged.count, using: &random)] ^= UInt8(1 << Int.random(in: 0..<8, using: &random))
                }
                do {
                    let values = try read(damaged).values.reduce(0) { $0 + $1.values.count }
                    XCTAssertLessThanOrEqual(values, damaged.count)
                } catch {
                    XCTAssertTrue(error is CheckpointError)
                    failures += 1
                }
            }
            XCTAssertGreaterThan(failures, 500)
        }
    }
}
