/// TensorDesc, a protocol buffer: element type (field 1) and extents (field 2). A tensor without extents is a single number.
struct PaddleTensorDescription {
    /// Of VarType.Type; see `PaddleElement`.
    var type = 0
    var shape: [Int] = []

    init(_ message: FileBytes, _ limits: inout PaddleLimits) throws(PaddleError) {
        var fields = PaddleWire(message)
        while let (number, content) = try fields.next() {
            if number == 1 { type = content.integer ?? 0 }
            if number == 2 { shape += try content.integers(&limits) }
        }
    }
}
