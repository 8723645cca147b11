import Foundation
import XCTest

@testable import SwiftletImport

/// `.npz` files, stored and deflated, sound and damaged.
final class ArrayArchiveTests: XCTestCase {
    /// numpy.savez_compressed(images=(numpy.arange(96) % 50).astype("u1").reshape(2, 3, 4, 4), labels=numpy.array([1, 2])).
    private static let deflated = [UInt8](
        Data(
            base64Encoded:
                "UEsDBC0AAAAIAAAAIQDNjXa6//////////8KABQAaW1hZ2VzLm5weQEAEADgAAAAAAAAAH8AAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgXlNqqK"
                + "6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjoKxjoKJkCkqaNQq0AG4GJgZGJmYWVj5+Dk4ubh5eMXEBQSFhEVE5eQlJKWkZWTV1BU"
                + "UlZRVVPX0NTS1tHV0zcwJE0HAFBLAwQtAAAACAAAACEADPwc6f//////////CgAUAGxhYmVscy5ucHkBABAAkAAAAAAAAABKAAAAAAAAAJvsF+ob"
                + "EMnIUMZQrZ6SWpxcpG6loG6TaaGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6mjoKtQoUAC5GBghggtIAUEsBAi0DLQAAAAgAAAAh"
                + "AM2Ndrp/AAAA4AAAAAoAAAAAAAAAAAAAAIABAAAAAGltYWdlcy5ucHlQSwECLQMtAAAACAAAACEADPwc6UoAAACQAAAACgAAAAAAAAAAAAAAgAG7"
                + "AAAAbGFiZWxzLm5weVBLBQYAAAAAAgACAHAAAABBAQAAAAA=")!)

    func testDeflatedArrays() throws {
        let archive = try ArrayArchive(Self.deflated)
        XCTAssertEqual(archive.names, ["images", "labels"])
        XCTAssertEqual(archive.others, [])
        XCTAssertEqual(archive.size("images"), 128 + 96)
        let images = try archive.bytes("images")
        XCTAssertEqual(Array(images.suffix(96)), (0..<96).map { UInt8($0 % 50) })
        XCTAssertEqual(images.prefix(6), [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59])
        XCTAssertThrowsError(try archive.bytes("masks"))
    }

    func testStoredArrays() throws {
        let bytes: [UInt8] = [1, 2, 3]
        for zip64 in [false, true] {
            let file = ZipWriter.archive([("x.npy", bytes), ("note.txt", [4])], method: 0, checksums: true, zip64: zip64)
            let archive = try ArrayArchive(file)
            XCTAssertEqual(archive.names, ["x"])
            XCTAssertEqual(archive.others, ["note.txt"])
            XCTAssertEqual(try archive.bytes("x"), bytes)
        }
    }

    private func assertRefused(_ file: [UInt8], _ reason: String, line: UInt = #line) {
        XCTAssertThrowsError(try ArrayArchive(file).bytes("images"), line: line) {
            XCTAssertTrue("\($0)".contains(reason), "\($0)", line: line)
        }
    }

    /// A byte more or less than is declared, a size that the compressed bytes cannot hold, other compressions, damage anywhere.
    func testDamagedAndHostileArrays() throws {
        let directory = try XCTUnwrap((0..<Self.deflated.count).first { Self.deflated[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
        func changed(_ offset: Int, _ value: UInt8) -> [UInt8] {
            var file = Self.deflated
            file[directory + offset] = value
            return file
        }
        assertRefused(changed(24, 225), "has not the 225 bytes that the directory declares")
        assertRefused(changed(24, 223), "has not the 223 bytes")
        assertRefused(changed(27, 0x40), "has not the 1073742048 bytes")
        assertRefused(changed(10, 9), "compressed (method 9); it has to be stored or deflated")
        assertRefused(changed(8, 1), "is encrypted")
        assertRefused(changed(16, 0), "checksum of zip entry images.npy")
        for position in 70..<180 {
            var file = Self.deflated
            file[position] ^= 0xFF
            XCTAssertThrowsError(try ArrayArchive(file).bytes("images"), "byte \(position)")
        }
        for count in stride(from: 0, to: Self.deflated.count, by: 7) {
            XCTAssertThrowsError(try ArrayArchive(Array(Self.deflated.prefix(count))))
        }
    }

    /// PyTorch's own entries are never compressed: a checkpoint that is was packed anew.
    func testCheckpointsStayStored() throws {
        XCTAssertThrowsError(try ZipArchive(FileBytes(Self.deflated)).contents("images.npy")) {
            XCTAssertTrue("\($0)".contains("PyTorch stores entries"), "\($0)")
        }
    }
}
