import Hummingbird
import SwiftletRuntime

/// What is answered where: one line an address.
struct Routes {
    typealias Context = BasicRequestContext
    typealias Handler = @Sendable (Request, Context) async throws -> Response

    struct Route {
        let method: HTTPRequest.Method
        let path: String
        let handler: Handler

        init(_ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Handler) {
            (self.method, self.path, self.handler) = (method, path, handler)
        }
    }

    private let parts: ServerParts

    init(_ parts: ServerParts) {
        self.parts = parts
    }

    /// Addresses that need no key: they tell nothing of models or pictures.
    static let open: Set<String> = ["/", "/openapi.json", "/v2/health/live", "/v2/health/ready"]

    /// Every route, each method of an address by itself.
    var all: [Route] { own + openInference }

    private var own: [Route] {
        let (parts, classify, paddle) = (parts, ClassifyHandler(parts: parts), PaddleHandler(parts: parts))
        return [
            Route(.get, "/") { _, _ in Page.response() },
            Route(.get, "/openapi.json") { _, _ in Page.description() },
            Route(.get, "/metrics") { _, _ in parts.metricsPage() },
            Route(.get, "/v1/models") { _, _ in .json(parts.models.all.map { ModelCard($0) }) },
            Route(.post, "/v1/classify") { request, _ in try await classify.respond(request) },
            Route(.post, "/:name/prediction") { request, context in try await paddle.respond(request, context.name) },
        ]
    }

    private var openInference: [Route] {
        let parts = parts
        return [
            Route(.get, "/v2") { _, _ in .json(ServerMetadata()) },
            Route(.get, "/v2/health/live") { _, _ in .json(["live": true]) },
            Route(.get, "/v2/health/ready") { _, _ in
                .json(["ready": !parts.state.isDraining], status: parts.state.isDraining ? .serviceUnavailable : .ok)
            },
        ] + ["/v2/models/:name", "/v2/models/:name/versions/:version"].flatMap { modelRoutes($0) }
    }

    private func modelRoutes(_ path: String) -> [Route] {
        let (parts, infer) = (parts, InferHandler(parts: parts))
        @Sendable func model(_ context: Context) throws(RequestError) -> ServedModel {
            try parts.models.model(context.name, version: context.version)
        }
        return [
            Route(.get, path) { _, context in
                let model = try model(context)
                return .json(ModelMetadata(model, versions: parts.models.versions(of: model.name)))
            },
            Route(.get, path + "/ready") { _, context in
                let name = try model(context).name
                return .json(ModelReadiness(name: name))
            },
            Route(.post, path + "/infer") { request, context in try await infer.respond(request, model(context)) },
        ]
    }

    /// Answers all routes, and other methods at their addresses with the right one.
    func router() -> Router<Context> {
        let router = Router(context: Context.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: Observation(parts: parts))
        if !parts.settings.keys.isEmpty { router.add(middleware: Authentication(parts.settings.keys)) }
        let routes = all
        for route in routes {
            router.on(RouterPath(route.path), method: route.method, use: route.handler)
        }
        let others = [.get, .post, .put, .patch, .delete, .options, .trace, .connect, HTTPRequest.Method("QUERY")!]
        for route in routes {
            let allowed = route.method == .get ? "GET, HEAD" : route.method.rawValue
            for method in others where method != route.method {
                router.on(RouterPath(route.path), method: method) { _, _ -> Response in
                    throw RequestError(.methodNotAllowed, "\(method.rawValue) is not taken here, but \(allowed)", allowed: allowed)
                }
            }
        }
        return router
    }
}

/// The Open Inference Protocol's answer to whether a model is ready: one that is loaded is.
private struct ModelReadiness: Encodable {
    let name: String
    let ready = true
}

extension BasicRequestContext {
    /// The model's name in the address.
    fileprivate var name: String { parameter("name") ?? "" }
    /// The model's version in the address.
    fileprivate var version: String? { parameter("version") }

    private func parameter(_ name: String) -> String? {
        parameters.get(name).map { $0.removingPercentEncoding ?? $0 }
    }
}
