import HTTPTypes
import Hummingbird
import Logging

/// Turns errors into answers, and counts and logs every request.
struct Observation: RouterMiddleware {
    typealias Context = BasicRequestContext
    let parts: ServerParts

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let begin = ContinuousClock.now
        parts.state.requestTaken()
        var context = context
        if let trace = TraceParent(request.headers[TraceParent.field]) {
            context.logger[metadataKey: "trace_id"] = "\(trace.traceID)"
            context.logger[metadataKey: "span_id"] = "\(trace.spanID)"
        }
        var response = await answer(request, context, next)
        if parts.state.isDraining { response.headers[.connection] = "close" }
        record(request, response, context, seconds: begin.secondsUntilNow)
        return response
    }

    private func answer(
        _ request: Request, _ context: Context, _ next: (Request, Context) async throws -> Response
    ) async -> Response {
        do {
            return try await next(request, context)
        } catch let error as RequestError {
            return .error(error)
        } catch let error as HTTPError {
            let message = error.status == .notFound ? "there is nothing at this address" : error.body ?? error.status.reasonPhrase
            return .error(RequestError(error.status, message))
        } catch {
            // A client that went away in the middle of its request is no fault of the server.
            context.logger.debug("request not read", metadata: ["error": "\(error)"])
            return .error(RequestError(.badRequest, "the request could not be read"))
        }
    }

    private func record(_ request: Request, _ response: Response, _ context: Context, seconds: Double) {
        // The pattern, not the address: clients could make as many of these as they like.
        let route = context.endpointPath ?? "unknown"
        parts.metrics.count(.requests, [("route", route), ("status", "\(response.status.code)")])
        parts.metrics.observe(.requestSeconds, [("route", route)], seconds)
        let level: Logger.Level = response.status.code >= 500 ? .warning : .debug
        context.logger.log(
            level: level, "request",
            metadata: [
                "method": "\(request.method.rawValue)", "path": "\(request.uri.path)", "status": "\(response.status.code)",
                "ms": "\(seconds * 1_000)",
            ])
    }
}
