import Hummingbird
import Testing

@testable import SwiftletServer

/// Forms, whole and damaged.
struct MultipartTests {
    private func parts(_ text: String, _ type: String = "multipart/form-data; boundary=\"x y\"") throws -> [Multipart.Part] {
        try Multipart(ByteBuffer(string: text), contentType: type).parts
    }

    @Test func partsAreFound() throws {
        let found = try parts(
            "before\r\n--x y\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b.png\"\r\n\r\n1\r\n--x\r\n2\r\n--x y\r\n"
                + "content-disposition: form-data; name=c\r\n\r\n\r\n--x y--\r\nafter")
        #expect(found.map(\.name) == ["a", "c"] && found.map(\.fileName) == ["b.png", nil])
        #expect(found.map { String(buffer: $0.content) } == ["1\r\n--x\r\n2", ""])
    }

    @Test func aPartMayHaveNoHeaders() throws {
        let found = try parts("--x y\r\n\r\nabc\r\n--x y--")
        #expect(found.count == 1 && found[0].name == "" && String(buffer: found[0].content) == "abc")
    }

    @Test func damageIsAnError() {
        let whole = "--x y\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x y--"
        for length in 0..<whole.utf8.count {
            #expect(throws: RequestError.self) { try parts(String(whole.utf8.prefix(length))!) }
        }
        #expect(throws: RequestError.self) { try parts(whole, "multipart/form-data") }
        #expect(throws: RequestError.self) { try parts(whole, "multipart/form-data; boundary=") }
    }
}
