import Foundation
import SharedFiles
import TestSupport
import XCTest

@testable import SwiftletRuntime

extension Image {
    var bytes: [UInt8] { withPixels { Array($0) } }
    var checksum: UInt64 { withPixels { Checksum.xxh64(UnsafeRawBufferPointer($0)) } }

    static func decode(_ file: [UInt8], orienting: Bool = true) throws -> Image {
        try file.withUnsafeBytes { try decode($0, orienting: orienting) }
    }

    /// The low byte of each number that SplitMix64 gives.
    static func random(height: Int, width: Int, seed: UInt64) throws -> Image {
        var random = SplitMix64(seed: seed)
        return try Image(
            height: height, width: width, pixels: (0..<(height * width * 3)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    }
}

extension NumpyArray {
    init(file: [UInt8]) throws {
        self = try file.withUnsafeBytes { try NumpyArray(npy: $0) }
    }
}

/// The text of the error that `body` must end in.
func inputError(_ body: () throws -> Void, file: StaticString = #filePath, line: UInt = #line) -> String {
    do {
        try body()
        XCTFail("no error", file: file, line: line)
        return ""
    } catch let error as SwiftletError {
        XCTAssertFalse(error.message.isEmpty || error.message.contains("\n"), file: file, line: line)
        return error.message
    } catch {
        XCTFail("another error: \(error)", file: file, line: line)
        return ""
    }
}

/// The bytes of a file of the shared folder.
func sharedFile(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: SharedFolder.file(path)))
}
