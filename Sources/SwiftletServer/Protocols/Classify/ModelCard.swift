import SwiftletRuntime

/// What the page shows of a model.
struct ModelCard: Encodable {
    struct Fact: Encodable {
        let key, value: String
    }

    let name, version, precision: String
    let bytes: Int
    /// Height, width, channels.
    let input: [Int]
    let classes: Int
    let operators: Int
    let multiplyAccumulates: Int64
    let takesPictures: Bool
    /// Where the file came from.
    let provenance: [Fact]

    init(_ served: ServedModel) {
        let (model, shape) = (served.model, served.model.inputShape)
        (name, version, precision) = (served.name, served.version, model.isFloat ? "fp32" : "int8")
        (bytes, input, classes) = (model.fileSize, [shape.height, shape.width, shape.channels], model.classCount)
        (operators, multiplyAccumulates, takesPictures) = (model.operators.count, model.multiplyAccumulates, model.takesPictures)
        provenance = model.provenance.map { Fact(key: $0.key, value: $0.value) }
    }
}
