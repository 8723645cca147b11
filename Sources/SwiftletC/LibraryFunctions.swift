// swift-format-ignore-file: AlwaysUseLowerCamelCase
internal import CPlatform
internal import CSwiftlet
internal import SwiftletRuntime

// What `swiftlet.h` says of the library and of errors.

@c @implementation public func swiftlet_abi_version() -> Int32 { SWIFTLET_ABI_VERSION }

@c @implementation public func swiftlet_version() -> UnsafePointer<CChar>? { Version.cText }

@c @implementation public func swiftlet_last_error() -> UnsafePointer<CChar>? {
    var code: UnsafeMutablePointer<Int32>?
    return UnsafePointer(sp_thread_text(&code))
}

@c @implementation public func swiftlet_last_error_code() -> Int32 {
    var code: UnsafeMutablePointer<Int32>?
    _ = sp_thread_text(&code)
    return code?.pointee ?? 0
}
