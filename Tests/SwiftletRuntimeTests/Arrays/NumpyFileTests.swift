import Testing

@testable import SwiftletRuntime

/// Arrays whose headers ask for too much, and parts of arrays.
@Suite struct NumpyFileTests {
    private func file(_ shape: String, type: String = "|u1", fortran: Bool = false, _ data: [UInt8] = [], version: UInt8 = 2) -> [UInt8] {
        let header = Array("{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': (\(shape)), }\n".utf8)
        let length = (0..<4).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
        return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + header + data
    }

    private func message(_ bytes: [UInt8]) -> String {
        do {
            _ = try NumpyArray(file: bytes)
            return "nothing"
        } catch {
            return (error as? SwiftletError)?.message ?? "another error"
        }
    }

    @Test func axes() {
        #expect(message(file(String(repeating: "1,", count: 64), [7])) == "nothing")
        #expect(message(file(String(repeating: "1,", count: 65), [7])) == "NPY: more than 64 axes")
        #expect(message(file(String(repeating: "1,", count: 20_000), fortran: true, [7])) == "NPY: more than 64 axes")
        #expect(message(file(String(repeating: "1,", count: 200_000), fortran: true, [7])) == "NPY: a header of more than 65535 bytes")
    }

    /// An axis of 0 leaves an array without values, but not others without bounds: in Fortran order their product is a stride.
    @Test func anAxisOfZeroBesideLargeOnes() {
        for fortran in [false, true] {
            #expect(message(file("0, 4294967296, 4294967296", fortran: fortran)) == "NPY: the shape is out of bounds")
            #expect(message(file("4294967296, 4294967296, 0", fortran: fortran)) == "NPY: the shape is out of bounds")
            #expect(message(file("0, 3, 8, 8", fortran: fortran)) == "nothing")
        }
    }

    /// More bytes than the ceiling once converted: refused before they are. The bytes themselves are never looked at, so that none need be
    /// there.
    @Test func tooManyValues() throws {
        let header = file("1073741824,")
        let size = header.count + (1 << 30)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)  // untouched pages take no memory
        defer { memory.deallocate() }
        header.withUnsafeBytes { memory.baseAddress!.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
        let large = try NumpyFile(UnsafeRawBufferPointer(memory))
        #expect(large.shape == [1 << 30])
        #expect(try large.values(at: 5).count == 1)
        #expect(throws: SwiftletError.self) { try large.values() }
    }

    @Test func parts() throws {
        let data = (0..<24).map { UInt8($0) }
        for fortran in [false, true] {
            let bytes = file("4, 3, 2", fortran: fortran, data)
            try bytes.withUnsafeBytes { bytes in
                let file = try NumpyFile(bytes)
                let all = try file.values()
                for index in 0..<4 { #expect(try file.values(at: index) == Array(all[(6 * index)..<(6 * index + 6)])) }
                #expect(all[6 + 2 + 1] == (fortran ? 1 + 4 * 1 + 12 * 1 : 9))
            }
        }
    }
}
