import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Ends connections whose clients are slow: each has `timeout` for a request's head, as long for its body, and as long to take the answer,
/// however it spreads its bytes. Also tells clients that wait for it to go on with their bodies.
///
/// Between requests the server's own limit for idle connections holds.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let timeout: TimeAmount
    private let state: ServerState
    private var reading: Scheduled<Void>?
    private var writing: Scheduled<Void>?

    init(timeout seconds: Double, state: ServerState) {
        timeout = .nanoseconds(Int64(seconds * 1e9))
        self.state = state
    }

    func handlerAdded(context: ChannelHandlerContext) {
        state.connectionOpened()
        reading = deadline(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        state.connectionClosed()
        reading?.cancel()
        writing?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            reading?.cancel()
            reading = deadline(context)
            if head.headerFields[.expect]?.lowercased() == "100-continue" {
                context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            }
        case .body: break
        case .end:
            reading?.cancel()
            reading = nil
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head:
            writing?.cancel()
            writing = deadline(context)
            context.write(data, promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            let promise = promise ?? context.eventLoop.makePromise(of: Void.self)
            let mine = writing
            promise.futureResult.whenComplete { _ in mine?.cancel() }
            context.write(data, promise: promise)
        }
    }

    private func deadline(_ context: ChannelHandlerContext) -> Scheduled<Void> {
        let channel = context.channel
        return context.eventLoop.scheduleTask(in: timeout) { channel.close(promise: nil) }
    }
}
