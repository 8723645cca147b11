internal import SwiftletRuntime

/// What a `swiftlet_model *` points to. Whoever opened it and each of its sessions hold it; the last of them frees it.
final class ModelHandle: @unchecked Sendable {  // all state is written in init
    let model: Model
    /// The name, by class its label, then by entry the provenance's key and value.
    private let texts: CTexts

    init(_ model: Model) throws(SwiftletError) {
        self.model = model
        var texts = CTexts.Builder()
        texts.append(model.name)
        for index in 0..<model.classCount { texts.append(model.label(index)) }
        for entry in model.provenance {
            texts.append(entry.key)
            texts.append(entry.value)
        }
        self.texts = try texts.finish()
    }

    var name: UnsafePointer<CChar> { texts[0] }

    /// - Parameter index: of a class that there is.
    func label(_ index: Int) -> UnsafePointer<CChar> { texts[1 + index] }

    /// - Parameter index: of an entry that there is.
    func provenance(_ index: Int) -> (key: UnsafePointer<CChar>, value: UnsafePointer<CChar>) {
        let first = 1 + model.classCount + 2 * index
        return (texts[first], texts[first + 1])
    }

    /// The pointer for C, which owns the handle until `release`.
    func retained() -> OpaquePointer { OpaquePointer(Unmanaged.passRetained(self).toOpaque()) }

    static func release(_ pointer: OpaquePointer) {
        Unmanaged<ModelHandle>.fromOpaque(UnsafeRawPointer(pointer)).release()
    }

    static func of(_ pointer: OpaquePointer?) throws(SwiftletError) -> ModelHandle {
        Unmanaged<ModelHandle>.fromOpaque(UnsafeRawPointer(try Arguments.pointer(pointer, "model"))).takeUnretainedValue()
    }
}
