/// Element types, as VarType.Type of Paddle's framework.proto numbers them.
enum PaddleElement: Int {
    case bool = 0
    case int16, int32, int64, half, float, double
    case uint8 = 20
    case int8, bfloat16

    /// The same type among those that tensors of checkpoints have.
    var stored: PyTorchElement {
        switch self {
        case .bool: .bool
        case .int16: .int16
        case .int32: .int32
        case .int64: .int64
        case .half: .half
        case .float: .float
        case .double: .double
        case .uint8: .uint8
        case .int8: .int8
        case .bfloat16: .bfloat16
        }
    }

    /// Shapes, indices and zero points; small integers are weights.
    var isInteger: Bool {
        switch self {
        case .bool, .int32, .int64: true
        default: false
        }
    }
}
