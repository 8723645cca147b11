// swift-format-ignore-file: AlwaysUseLowerCamelCase
public import CSwiftlet
internal import SwiftletRuntime

// What `swiftlet.h` says of pictures.

@c @implementation public func swiftlet_classify_file(
    _ session: OpaquePointer?, _ path: UnsafePointer<CChar>?, _ results: UnsafeMutablePointer<swiftlet_result>?, _ top: Int32
) -> Int32 {
    classify(session, results, top) { session throws(SwiftletError) in try session.setInput(path: Arguments.path(path)) }
}

@c @implementation public func swiftlet_classify_image(
    _ session: OpaquePointer?, _ bytes: UnsafeRawPointer?, _ size: Int, _ results: UnsafeMutablePointer<swiftlet_result>?, _ top: Int32
) -> Int32 {
    classify(session, results, top) { session throws(SwiftletError) in
        try session.setInput(Image.decode(Arguments.bytes(bytes, size)))
    }
}

@c @implementation public func swiftlet_classify_pixels(
    _ session: OpaquePointer?, _ pixels: UnsafePointer<UInt8>?, _ width: Int32, _ height: Int32, _ stride: Int32, _ format: Int32,
    _ results: UnsafeMutablePointer<swiftlet_result>?, _ top: Int32
) -> Int32 {
    classify(session, results, top) { session throws(SwiftletError) in
        let pixels = try Arguments.pointer(pixels, "pixels")
        guard let format = PixelFormat(rawValue: format) else { throw .badInput("format is \(format), which is none") }
        let image = try Image.converting(pixels, height: Int(height), width: Int(width), stride: Int(stride), format: format)
        try session.setInput(image)
    }
}

/// Sets a session's input, runs it, and writes the answers. Returns how many, or -1.
private func classify(
    _ session: OpaquePointer?, _ results: UnsafeMutablePointer<swiftlet_result>?, _ top: Int32,
    _ setInput: (Session) throws(SwiftletError) -> Void
) -> Int32 {
    Failure.reporting(-1) { () throws(SwiftletError) in
        let handle = try SessionHandle.of(session)
        let results = try Arguments.pointer(results, "results")
        guard top >= 1 else { throw .badInput("top is \(top), not 1 or more") }
        return try handle.use { handle throws(SwiftletError) in
            let model = handle.owner.model
            try model.requirePictures()
            let head = try model.head(named: nil)
            handle.resetTime()
            try setInput(handle.session)
            handle.run()
            let probabilities = handle.session.probabilities(of: head)
            let best = probabilities.top(Int(top))
            for (position, index) in best.enumerated() {
                results[position] = swiftlet_result(
                    index: Int32(index), probability: Float(probabilities.values[index]), label: handle.owner.label(index))
            }
            return Int32(best.count)
        }
    }
}
