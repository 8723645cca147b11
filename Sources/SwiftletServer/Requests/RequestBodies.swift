import Hummingbird
import Synchronization

/// Reads bodies within the limit of one and the limit of all that are in memory at once.
final class RequestBodies: Sendable {
    /// Bytes of one body.
    let limit: Int
    /// Bytes of all bodies.
    let total: Int
    private let held = Mutex(0)

    init(limit: Int, total: Int) {
        (self.limit, self.total) = (limit, total)
    }

    /// Reads a body and hands it over; its bytes count as held until `use` returns.
    /// - Throws: 413 beyond the limit, before more is read; 415 for what is compressed; 429 where all bodies together are too much.
    func read<Result>(_ request: Request, _ use: (ByteBuffer) async throws -> Result) async throws -> Result {
        if let encoding = request.headers[.contentEncoding], encoding.lowercased() != "identity" {
            throw RequestError(.unsupportedMediaType, "bodies are not taken in the encoding '\(encoding)'")
        }
        // A length that lies is found out by counting.
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw RequestError.tooLarge(limit) }
        var body = ByteBuffer()
        defer { release(body.writerIndex) }
        for try await var part in request.body {
            guard body.writerIndex + part.readableBytes <= limit else { throw RequestError.tooLarge(limit) }
            try reserve(part.readableBytes)
            body.writeBuffer(&part)
        }
        return try await use(body)
    }

    private func reserve(_ bytes: Int) throws(RequestError) {
        let fits = held.withLock { held in
            guard held + bytes <= total else { return false }
            held += bytes
            return true
        }
        guard fits else { throw .busy }
    }

    private func release(_ bytes: Int) {
        held.withLock { $0 -= bytes }
    }
}
