import SwiftletRuntime

/// What a model computes in, as `--precision` names it.
func precisionName(_ model: Model) -> String {
    model.isFloat ? "fp32" : "int8"
}
