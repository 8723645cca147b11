import SwiftletRuntime

/// What the Open Inference Protocol says of a model.
struct ModelMetadata: Encodable {
    struct Tensor: Encodable {
        let name: String
        let datatype = "FP32"
        /// -1: any number of pictures.
        let shape: [Int]
    }

    let name: String
    let versions: [String]
    let platform: String
    let inputs: [Tensor]
    let outputs: [Tensor]

    init(_ served: ServedModel, versions: [String]) {
        let (model, shape) = (served.model, served.model.inputShape)
        (name, self.versions, platform) = (served.name, versions, model.isFloat ? "swiftlet_fp32" : "swiftlet_int8")
        inputs = [Tensor(name: model.inputTensor.name, shape: [-1, shape.channels, shape.height, shape.width])]
        outputs = model.outputs.map { Tensor(name: $0.name, shape: [-1] + $0.sourceShape) }
    }
}

/// What the Open Inference Protocol says of the server.
struct ServerMetadata: Encodable {
    let name = "swiftlet-server"
    let version = Version.current
    let extensions = ["binary_tensor_data"]
}
