import SwiftletImport
import SwiftletRuntime

extension ONNXExporter {
    /// A float32 operator's activation.
    mutating func activated(_ value: String, _ operation: OperatorDescription) -> String {
        activated(value, operation.activation, operation.activationA, operation.activationB, name: name(operation))
    }

    /// - Parameters:
    ///   - a, b: the activation's constants, as `OperatorDescription` has them.
    ///   - name: of the result.
    mutating func activated(_ x: String, _ activation: LoweredActivation, _ a: Float = 0, _ b: Float = 0, name: String) -> String {
        switch activation {
        case .linear: return x
        case .relu: return graph.node("Relu", [x], name: name)
        case .clip: return clipped(x, low: a, high: b, name: name)
        case .hardSigmoid: return graph.node("HardSigmoid", [x], name: name, [.float("alpha", a), .float("beta", b)])
        case .hardSwish: return gated(x, "HardSigmoid", name: name, [.float("alpha", 1 / 6), .float("beta", 0.5)])
        case .sigmoid: return graph.node("Sigmoid", [x], name: name)
        case .swish: return gated(x, "Sigmoid", name: name)
        case .leakyRelu: return graph.node("LeakyRelu", [x], name: name, [.float("alpha", a)])
        case .elu: return graph.node("Elu", [x], name: name, [.float("alpha", a)])
        case .tanh: return graph.node("Tanh", [x], name: name)
        case .softplus: return graph.node("Softplus", [x], name: name)
        case .mish: return graph.node("Mul", [x, unary("Tanh", unary("Softplus", x, name), name)], name: name)
        case .gelu:
            let erf = unary("Erf", graph.node("Mul", [x, graph.scalar(Float(0.5).squareRoot())], name: "\(name)/scaled"), name)
            return halfTimesOnePlus(erf, x, name: name)
        case .geluTanh: return halfTimesOnePlus(unary("Tanh", geluPolynomial(x, name), name), x, name: name)
        case .thresholdedRelu: return graph.node("ThresholdedRelu", [x], name: name, [.float("alpha", a)])
        }
    }

    private mutating func unary(_ type: String, _ x: String, _ name: String) -> String {
        graph.node(type, [x], name: "\(name)/\(type.lowercased())")
    }

    /// x times a function of x.
    private mutating func gated(_ x: String, _ type: String, name: String, _ attributes: [ONNX_AttributeProto] = []) -> String {
        graph.node("Mul", [x, graph.node(type, [x], name: "\(name)/gate", attributes)], name: name)
    }

    /// An infinite end is left out.
    private mutating func clipped(_ x: String, low: Float, high: Float, name: String) -> String {
        let ends = [low, high].map { $0.isFinite ? graph.scalar($0) : "" }
        return graph.node("Clip", high.isFinite ? [x] + ends : [x, ends[0]], name: name)
    }

    /// x * (1 + y) / 2
    private mutating func halfTimesOnePlus(_ y: String, _ x: String, name: String) -> String {
        let sum = graph.node("Add", [y, graph.scalar(1)], name: "\(name)/sum")
        let half = graph.node("Mul", [x, graph.scalar(0.5)], name: "\(name)/half")
        return graph.node("Mul", [half, sum], name: name)
    }

    /// sqrt(2 / pi) * (x + 0.044715 x^3)
    private mutating func geluPolynomial(_ x: String, _ name: String) -> String {
        let square = graph.node("Mul", [x, x], name: "\(name)/square")
        let cube = graph.node("Mul", [square, x], name: "\(name)/cube")
        let term = graph.node("Mul", [cube, graph.scalar(0.044715)], name: "\(name)/term")
        let sum = graph.node("Add", [x, term], name: "\(name)/polynomial")
        return graph.node("Mul", [sum, graph.scalar((2 / Float.pi).squareRoot())], name: "\(name)/argument")
    }
}
