// swift-format-ignore-file: AlwaysUseLowerCamelCase
internal import CSwiftlet
internal import SwiftletRuntime

// What `swiftlet.h` says of sessions and tensors.

@c @implementation public func swiftlet_session_create(_ model: OpaquePointer?, _ threads: Int32) -> OpaquePointer? {
    Failure.reporting(nil) { () throws(SwiftletError) in try SessionHandle(ModelHandle.of(model), threads: Int(threads)).retained() }
}

@c @implementation public func swiftlet_session_destroy(_ session: OpaquePointer?) {
    if let session { SessionHandle.release(session) }
}

@c @implementation public func swiftlet_session_threads(_ session: OpaquePointer?) -> Int32 {
    Failure.reporting(-1) { () throws(SwiftletError) in Int32(try SessionHandle.of(session).session.threads) }
}

@c @implementation public func swiftlet_session_microseconds(_ session: OpaquePointer?) -> Double {
    Failure.reporting(-1) { () throws(SwiftletError) in
        try SessionHandle.of(session).use { session throws(SwiftletError) in session.microseconds }
    }
}

@c @implementation public func swiftlet_run(
    _ session: OpaquePointer?, _ input: UnsafePointer<Float>?, _ count: Int, _ output: UnsafeMutablePointer<Float>?, _ capacity: Int
) -> Int32 {
    Failure.reporting(-1) { () throws(SwiftletError) in
        let handle = try SessionHandle.of(session)
        let tensors = try Tensors(handle.owner.model, input, count, output, capacity)
        try handle.use { handle throws(SwiftletError) in try tensors.run(handle) }
        return Int32(tensors.outputCount)
    }
}
