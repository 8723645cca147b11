import HTTPTypes
import Hummingbird

/// What the server has in it: its page, and the description of its addresses.
enum Page {
    /// `GET /`: one file, which fetches nothing from elsewhere.
    static func response() -> Response {
        response(
            PackageResources.index_html, "text/html; charset=utf-8",
            policy: "default-src 'none'; connect-src 'self'; img-src blob: data:; media-src blob:; style-src 'unsafe-inline'; "
                + "script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
    }

    /// `GET /openapi.json`.
    static func description() -> Response { response(PackageResources.openapi_json, "application/json", policy: nil) }

    private static func response(_ bytes: [UInt8], _ type: String, policy: String?) -> Response {
        var headers: HTTPFields = [.contentType: type, .cacheControl: "no-cache", .xContentTypeOptions: "nosniff"]
        if let policy { headers[.contentSecurityPolicy] = policy }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
