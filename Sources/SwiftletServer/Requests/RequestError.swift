import HTTPTypes
import SwiftletRuntime

/// Why a request is not answered as it asks: a status, and a line for who reads the answer.
struct RequestError: Error, Sendable {
    let status: HTTPResponse.Status
    let message: String
    /// Seconds after which it is worth trying again.
    var retryAfter: Int?
    /// The methods that an address does take.
    var allowed: String?

    init(_ status: HTTPResponse.Status, _ message: String, retryAfter: Int? = nil, allowed: String? = nil) {
        (self.status, self.message, self.retryAfter, self.allowed) = (status, message, retryAfter, allowed)
    }

    /// What the runtime says of a client's picture or tensor.
    init(_ error: SwiftletError) {
        switch error.kind {
        case .outOfMemory, .system: self.init(.serviceUnavailable, error.description, retryAfter: 1)
        default: self.init(.badRequest, error.description)
        }
    }

    static func badRequest(_ message: String) -> RequestError { RequestError(.badRequest, message) }
    static func notFound(_ message: String) -> RequestError { RequestError(.notFound, message) }
    static var busy: RequestError { RequestError(.tooManyRequests, "too many requests wait already; try again", retryAfter: 1) }
    static var timedOut: RequestError { RequestError(.serviceUnavailable, "no session was free in time; try again", retryAfter: 1) }
    static func tooLarge(_ limit: Int) -> RequestError { RequestError(.contentTooLarge, "bodies may have \(limit) bytes") }
}
