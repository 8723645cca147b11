import SharedFiles
import XCTest

@testable import SwiftletImport

final class PickleMachineTests: XCTestCase {
    private func read(_ opcodes: [UInt8], allowed: Set<String> = []) throws -> Pickle {
        var bytes = FileBytes(opcodes)
        return try PickleMachine.read(&bytes, allowed: allowed)
    }

    /// As `pickletools` describes the encodings.
    func testNumbers() throws {
        for (opcodes, expected) in [
            ([0x4B, 200], 200), ([0x4D, 0x34, 0x12], 0x1234), ([0x4A, 0xFE, 0xFF, 0xFF, 0xFF], -2), ([0x8A, 0], 0), ([0x8A, 1, 0xFF], -1),
            ([0x8A, 2, 0, 0x80], -32768), ([0x8A, 5, 0, 0, 0, 0, 1], 1 << 32), ([0x8B, 1, 0, 0, 0, 7], 7),
            ([0x8A, 8, 0, 0, 0, 0, 0, 0, 0, 0x80], Int.min),
        ] as [([UInt8], Int)] {
            XCTAssertEqual(try read(opcodes + [0x2E]).root.integer, expected)
        }
        let float = try read([0x47, 0xBF, 0xF8, 0, 0, 0, 0, 0, 0, 0x2E])
        guard case .float(let value) = float.root else { return XCTFail("not a float") }
        XCTAssertEqual(value, -1.5)
    }

    func testMemoAndStack() throws {
        // ["a"] remembered, taken off, fetched; MEMOIZE and BINGET; DUP, POP, POP_MARK on the way
        let pickle = try read([0x80, 4, 0x5D, 0x94, 0x8C, 1, 0x61, 0x61, 0x30, 0x4E, 0x32, 0x28, 0x4E, 0x31, 0x68, 0, 0x2E])
        XCTAssertEqual(pickle.sequence(pickle.root)?.compactMap(\.string), ["a"])
    }

    func testDamage() {
        for (opcodes, reason) in [
            ([0x2E], "damaged"), ([0x28, 0x2E], "damaged"), ([0x4E, 0x28, 0x30], "damaged"), ([0x74], "damaged"), ([0x68, 9], "damaged"),
            ([0x4E, 0x4E, 0x61], "damaged"), ([0x7D, 0x28, 0x4E, 0x75], "damaged"), ([0x4E, 0x29, 0x52], "damaged"),
            ([0x4E, 0x4E, 0x62], "damaged"),
            ([0x58, 9, 0, 0, 0, 0x61], "truncated"), ([0x8D, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], "truncated"),
            ([0x63, 0x61], "truncated"),
            ([0x80, 6], "protocol 6"), ([0x49], "opcode 73"),
        ] as [([UInt8], String)] {
            XCTAssertThrowsError(try read(opcodes)) { error in
                XCTAssertTrue("\(error)".contains(reason), "\(opcodes): \(error)")
            }
        }
    }

    func testOperationsAreBounded() {
        for (limit, fits) in [(4, true), (3, false)] {
            var bytes = FileBytes([0x4E, 0x4E, 0x86, 0x2E])
            XCTAssertEqual((try? PickleMachine.read(&bytes, allowed: [], operationLimit: limit)) != nil, fits)
        }
    }

    /// Paddle's files use the same machine with their own list of names.
    func testPicklesOfPaddle() throws {
        let allowed: Set<String> = [
            "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct", "numpy.ndarray", "numpy.dtype", "_codecs.encode",
            "collections.OrderedDict", "builtins.tuple", "__builtin__.tuple",
        ]
        for name in [
            "paddle262_numpy1_p2", "paddle262_numpy1_p3", "paddle262_numpy1_p4", "paddle331_numpy2_nested_p2", "paddle331_numpy2_p4",
        ] {
            let file = try SharedFolder.file("paddle/pdparams_tiny/\(name).pdparams")
            var bytes = FileBytes([UInt8](try Data(contentsOf: file)))
            let pickle = try PickleMachine.read(&bytes, allowed: allowed)
            XCTAssertEqual(bytes.count, 0, name)
            XCTAssertGreaterThan(try XCTUnwrap(pickle.entries(pickle.root)).count, 1, name)
            XCTAssertTrue(pickle.objects.contains { $0.type.hasSuffix("_reconstruct") && $0.state != nil }, name)
        }
    }
}
