import HTTPTypes
import Hummingbird

/// Lets through who bears one of the keys: `Authorization: Bearer KEY`.
struct Authentication: RouterMiddleware {
    typealias Context = BasicRequestContext
    private let keys: [[UInt8]]

    init(_ keys: [String]) {
        self.keys = keys.map { Array($0.utf8) }
    }

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard Routes.open.contains(request.uri.path) || bearsKey(request.headers[.authorization]) else {
            throw RequestError(.unauthorized, "a key is needed: Authorization: Bearer KEY")
        }
        return try await next(request, context)
    }

    private func bearsKey(_ header: String?) -> Bool {
        guard let header, header.lowercased().hasPrefix("bearer ") else { return false }
        let token = Array(header.utf8.dropFirst("bearer ".utf8.count))
        // All keys are looked at, so that time does not tell which one was near.
        return keys.reduce(false) { found, key in areEqualInConstantTime(token, key) || found }
    }
}

/// Whether two texts are equal, in a time that depends on their lengths alone.
func areEqualInConstantTime(_ token: [UInt8], _ key: [UInt8]) -> Bool {
    var difference = token.count ^ key.count
    for index in key.indices {
        difference |= Int(key[index] ^ (index < token.count ? token[index] : ~key[index]))
    }
    return difference == 0
}
