import Foundation
import NIOCore

/// The parts of a `multipart/form-data` body (RFC 7578).
struct Multipart {
    struct Part {
        /// The form's field.
        let name: String
        /// Nil where the part is no file.
        let fileName: String?
        let content: ByteBuffer
    }

    let parts: [Part]

    /// - Parameters:
    ///   - body: the whole body.
    ///   - contentType: the header that names the boundary.
    /// - Throws: where the boundary is missing or the body does not keep to it.
    init(_ body: ByteBuffer, contentType: String) throws(RequestError) {
        guard let boundary = Multipart.parameter("boundary", of: contentType), (1...70).contains(boundary.utf8.count) else {
            throw .badRequest("multipart/form-data without a boundary")
        }
        let view = body.readableBytesView
        let delimiter = Array("--\(boundary)".utf8)
        guard var position = Multipart.find(delimiter, in: view, from: view.startIndex) else {
            throw .badRequest("multipart: the boundary is not in the body")
        }
        var parts: [Part] = []
        while true {
            position += delimiter.count
            if view[position...].starts(with: "--".utf8) { break }
            guard view[position...].starts(with: "\r\n".utf8) else { throw .badRequest("multipart: a boundary's line is damaged") }
            let end = Array("\r\n".utf8) + delimiter
            guard let next = Multipart.find(end, in: view, from: position) else {
                throw .badRequest("multipart: the last boundary is missing")
            }
            parts.append(try Multipart.part(body, view, from: position + 2, to: next))
            guard parts.count <= 1_000 else { throw .badRequest("multipart: too many parts") }
            position = next + 2
        }
        self.parts = parts
    }

    private static func part(_ body: ByteBuffer, _ view: ByteBufferView, from begin: Int, to end: Int) throws(RequestError) -> Part {
        // Without header lines the empty line is the one that ends the boundary's.
        guard let blank = find(Array("\r\n\r\n".utf8), in: view, from: begin - 2), blank < end else {
            throw .badRequest("multipart: a part without an end of its headers")
        }
        let headers = String(decoding: view[begin..<max(begin, blank)], as: UTF8.self)
        var (name, fileName): (String?, String?) = (nil, nil)
        for line in headers.components(separatedBy: "\r\n") where line.lowercased().hasPrefix("content-disposition:") {
            (name, fileName) = (parameter("name", of: line), parameter("filename", of: line))
        }
        let content = min(blank + 4, end)
        return Part(name: name ?? "", fileName: fileName, content: body.getSlice(at: content, length: end - content)!)
    }

    /// The value of `name=value` or `name="value"` after a semicolon.
    static func parameter(_ name: String, of header: String) -> String? {
        for field in header.split(separator: ";").dropFirst() {
            let pair = field.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard pair.count == 2, pair[0].lowercased() == name else { continue }
            return pair[1].count >= 2 && pair[1].hasPrefix("\"") && pair[1].hasSuffix("\"")
                ? String(pair[1].dropFirst().dropLast()) : pair[1]
        }
        return nil
    }

    /// Where `pattern` begins; memchr makes it as fast as reading.
    private static func find(_ pattern: [UInt8], in view: ByteBufferView, from begin: Int) -> Int? {
        view.withUnsafeBytes { bytes in
            var offset = begin - view.startIndex
            while offset + pattern.count <= bytes.count {
                let room = bytes.count - offset - pattern.count + 1
                guard let hit = memchr(bytes.baseAddress! + offset, Int32(pattern[0]), room) else { return nil }
                offset = UnsafeRawPointer(hit) - bytes.baseAddress!
                if memcmp(bytes.baseAddress! + offset, pattern, pattern.count) == 0 { return view.startIndex + offset }
                offset += 1
            }
            return nil
        }
    }
}
