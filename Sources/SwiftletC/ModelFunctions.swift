// swift-format-ignore-file: AlwaysUseLowerCamelCase
internal import CSwiftlet
internal import SwiftletRuntime

// What `swiftlet.h` says of models.

@c @implementation public func swiftlet_model_open(_ path: UnsafePointer<CChar>?) -> OpaquePointer? {
    Failure.reporting(nil) { () throws(SwiftletError) in
        let model = try Model(path: Arguments.path(path), instructionSet: .fromEnvironment())
        return try ModelHandle(model).retained()
    }
}

@c @implementation public func swiftlet_model_open_bytes(_ bytes: UnsafeRawPointer?, _ size: Int) -> OpaquePointer? {
    Failure.reporting(nil) { () throws(SwiftletError) in
        let model = try Model(bytes: Arguments.bytes(bytes, size), instructionSet: .fromEnvironment())
        return try ModelHandle(model).retained()
    }
}

@c @implementation public func swiftlet_model_close(_ model: OpaquePointer?) {
    if let model { ModelHandle.release(model) }
}

@c @implementation public func swiftlet_model_name(_ model: OpaquePointer?) -> UnsafePointer<CChar>? {
    Failure.reporting(nil) { () throws(SwiftletError) in try ModelHandle.of(model).name }
}

@c @implementation public func swiftlet_model_input_shape(
    _ model: OpaquePointer?, _ channels: UnsafeMutablePointer<Int32>?, _ height: UnsafeMutablePointer<Int32>?,
    _ width: UnsafeMutablePointer<Int32>?
) -> Int32 {
    Failure.reporting(-1) { () throws(SwiftletError) in
        let shape = try ModelHandle.of(model).model.inputShape
        channels?.pointee = Int32(shape.channels)
        height?.pointee = Int32(shape.height)
        width?.pointee = Int32(shape.width)
        return 0
    }
}

@c @implementation public func swiftlet_model_class_count(_ model: OpaquePointer?) -> Int32 {
    Failure.reporting(-1) { () throws(SwiftletError) in Int32(try ModelHandle.of(model).model.classCount) }
}

@c @implementation public func swiftlet_model_label_count(_ model: OpaquePointer?) -> Int32 {
    Failure.reporting(-1) { () throws(SwiftletError) in Int32(try ModelHandle.of(model).model.labels.count) }
}

@c @implementation public func swiftlet_model_label(_ model: OpaquePointer?, _ index: Int32) -> UnsafePointer<CChar>? {
    Failure.reporting(nil) { () throws(SwiftletError) in
        let handle = try ModelHandle.of(model)
        try SwiftletError.require(Int(index), in: 0...(handle.model.classCount - 1), "the class")
        return handle.label(Int(index))
    }
}

@c @implementation public func swiftlet_model_provenance_count(_ model: OpaquePointer?) -> Int32 {
    Failure.reporting(-1) { () throws(SwiftletError) in Int32(try ModelHandle.of(model).model.provenance.count) }
}

@c @implementation public func swiftlet_model_provenance(
    _ model: OpaquePointer?, _ index: Int32, _ key: UnsafeMutablePointer<UnsafePointer<CChar>?>?,
    _ value: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    Failure.reporting(-1) { () throws(SwiftletError) in
        let handle = try ModelHandle.of(model)
        let count = handle.model.provenance.count
        guard index >= 0, Int(index) < count else { throw .badInput("entry \(index) of \(count) on where the model came from") }
        let entry = handle.provenance(Int(index))
        key?.pointee = entry.key
        value?.pointee = entry.value
        return 0
    }
}

@c @implementation public func swiftlet_model_instruction_set(_ model: OpaquePointer?) -> UnsafePointer<CChar>? {
    Failure.reporting(nil) { () throws(SwiftletError) in try ModelHandle.of(model).model.instructionSet.cText }
}
