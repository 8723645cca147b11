import SwiftletImport
import XCTest

/// Small checkpoints that ask for much, or whose numbers overflow.
final class HostileCheckpointTests: XCTestCase {
    private typealias Value = PickleWriter.Value

    private func assertRefused(_ bytes: [UInt8], _ reason: String, line: UInt = #line) {
        XCTAssertThrowsError(try PyTorchCheckpoint.tensors(in: bytes), line: line) { error in
            XCTAssertTrue("\(error)".contains(reason), "\(error)", line: line)
        }
    }

    /// The stride of an axis of one element says nothing.
    func testStridesOfSingleElements() throws {
        var writer = CheckpointWriter()
        let storage = writer.storage("FloatStorage", [1, 2, 3, 4] as [Float])
        let views: [([Int], [Int])] = [
            ([1], [Int.max]), ([1, 2], [Int.max, 1]), ([2, 1], [1, Int.max]), ([1, 1, 2, 1], [Int.max, Int.max, 1, Int.max]),
        ]
        for (shape, strides) in views {
            let root = Value.dict([(.string("a"), CheckpointWriter.tensor(storage, offset: 1, shape: shape, strides: strides))])
            for file in [writer.zip(root), writer.legacy(root)] {
                XCTAssertEqual(try PyTorchCheckpoint.tensors(in: file)["a"]?.values, Array([2, 3].prefix(shape.contains(2) ? 2 : 1)))
            }
        }
    }

    func testExtremes() {
        var writer = CheckpointWriter()
        let storage = writer.storage("FloatStorage", [1, 2, 3, 4] as [Float])
        let views: [(Int, [Int], [Int])] = [
            (0, [2], [Int.max]), (Int.max, [1], [1]), (-1, [1], [1]), (0, [Int.max, Int.max], [0, 0]), (0, [Int.min], [1]),
            (0, [1], [Int.min]),
            (1, [2], [Int.max]), (0, [1 << 32, 1 << 32], [0, 0]), (0, [0, 1 << 40], [1, 1]), (0, [3, 3], [1, 1 << 62]),
        ]
        for (offset, shape, strides) in views {
            let root = Value.dict([(.string("a"), CheckpointWriter.tensor(storage, offset: offset, shape: shape, strides: strides))])
            assertRefused(writer.zip(root), "does not fit")
            assertRefused(writer.legacy(root), "does not fit")
        }
        for count in [Int.max, 5, -1, 1 << 61] {
            let root = Value.dict([(.string("a"), CheckpointWriter.tensor(writer.id(0, count: count), shape: [1], strides: [1]))])
            assertRefused(writer.zip(root), "storage")
            assertRefused(writer.legacy(root), "storage")
        }
    }

    /// A thousand tensors of one storage.
    func testSharedStorages() {
        var writer = CheckpointWriter()
        let count = 1 << 14
        _ = writer.storage("ByteStorage", [UInt8](repeating: 1, count: count))
        let id = writer.id(0)
        let root = Value.dict((0..<1000).map { (.string("t\($0)"), CheckpointWriter.tensor(id, shape: [count], strides: [0])) })
        assertRefused(writer.zip(root), "more values than the file")
        assertRefused(writer.legacy(root), "more values than the file")
    }

    /// A hundred thousand prefixes in each name.
    func testPrefixes() throws {
        let prefix = String(repeating: "module._orig_mod.", count: 100_000)
        var writer = CheckpointWriter()
        let root = Value.dict((0..<4).map { (.string("\(prefix)w\($0)"), writer.tensor([Float($0)], shape: [1])) })
        XCTAssertEqual(Set(try PyTorchCheckpoint.tensors(in: writer.zip(root)).keys), ["w0", "w1", "w2", "w3"])
        let short = Value.dict([
            (.string("module."), writer.tensor([1], shape: [1])), (.string("module.a"), writer.tensor([1], shape: [1])),
        ])
        XCTAssertEqual(Set(try PyTorchCheckpoint.tensors(in: writer.zip(short)).keys), ["", "a"])
    }

    /// Containers in each other, as deep as the limit allows, and around in a circle.
    func testNesting() {
        let writer = CheckpointWriter()
        let depth = 80_000
        let nested = [UInt8](repeating: UInt8(ascii: ")"), count: 1) + [UInt8](repeating: 0x85, count: depth)
        assertRefused(writer.zip(.raw(nested)), "no state dict")
        assertRefused(writer.legacy(.raw(nested)), "no state dict")
        assertRefused(writer.zip(.raw([UInt8](repeating: UInt8(ascii: "("), count: depth))), "damaged")
        assertRefused(writer.zip(.raw([UInt8](repeating: UInt8(ascii: ")"), count: 1 << 20))), "operations")
        // d = {}; d["model"] = d; d["net"] = d
        let circle: [UInt8] = Array("}q\u{0}U\u{5}modelh\u{0}sU\u{3}neth\u{0}s".utf8)
        assertRefused(writer.zip(.raw(circle)), "no state dict")
    }

    /// A name that is not UTF-8 does not become one of replacement characters.
    func testNamesThatAreNoText() throws {
        var writer = CheckpointWriter()
        let named = Value.dict([
            (.string("a"), writer.tensor([1], shape: [1])), (.raw([0x55, 2, 0xFF, 0xFE]), writer.tensor([2], shape: [1])),
        ])
        XCTAssertEqual(Array(try PyTorchCheckpoint.tensors(in: writer.zip(named)).keys), ["a"])
    }
}
