import Hummingbird
import SwiftletRuntime

/// `POST /v2/models/NAME/infer`: tensors in, tensors out, the same bits as `swiftlet run` gives.
struct InferHandler {
    let parts: ServerParts

    func respond(_ request: Request, _ served: ServedModel) async throws -> Response {
        let headerLength = request.headers[InferResponse.headerLength]
        return try await parts.bodies.read(request) { body in
            let (asked, binary) = try InferInput.split(body, headerLength: headerLength)
            let chosen = try chooseOutputs(asked, served)
            let input = try InferInput(asked, binary, for: served)
            let values = try await run(input, chosen.map(\.number), served)
            let outputs = chosen.indices.map { index in
                let output = served.model.outputs[chosen[index].number]
                return InferResponse.Output(
                    name: output.name, shape: [input.pictures] + output.sourceShape, values: values[index], isBinary: chosen[index].isBinary
                )
            }
            parts.metrics.count(.pictures, [("model", served.name)], by: input.pictures)
            return InferResponse(model: served, id: asked.id, outputs: outputs).response()
        }
    }

    /// The outputs that are wanted, all where none is named, and whether they go into the binary part.
    private func chooseOutputs(_ asked: InferRequest, _ served: ServedModel) throws(RequestError) -> [(number: Int, isBinary: Bool)] {
        let isBinary = asked.parameters?.binaryOutputs ?? false
        guard let outputs = asked.outputs, !outputs.isEmpty else { return served.model.outputs.indices.map { ($0, isBinary) } }
        var chosen: [(number: Int, isBinary: Bool)] = []
        for output in outputs {
            guard let number = served.model.output(named: output.name) else {
                throw .badRequest("unexpected output '\(output.name)': model '\(served.name)' has no such output")
            }
            guard !chosen.contains(where: { $0.number == number }) else { throw .badRequest("output '\(output.name)' is asked for twice") }
            guard (output.parameters?.classification ?? 0) == 0 else {
                throw .badRequest("output '\(output.name)': the classification extension is not supported; POST /v1/classify gives labels")
            }
            chosen.append((number, output.parameters?.isBinary ?? isBinary))
        }
        return chosen
    }

    /// - Returns: by output, the values of all pictures.
    private func run(_ input: InferInput, _ numbers: [Int], _ served: ServedModel) async throws -> [[Float]] {
        let size = served.model.inputShape.count
        return try await served.perform(timeout: parts.settings.timeout) { session throws(SwiftletError) in
            var results = [[Float]](repeating: [], count: numbers.count)
            for picture in 0..<input.pictures {
                let outputs: [[Float]]
                switch input {
                case .planes(let values, _):
                    outputs = try values.withUnsafeBufferPointer { values throws(SwiftletError) in
                        try session.outputs(
                            numbers, ofPlanes: UnsafeBufferPointer(rebasing: values[(picture * size)..<((picture + 1) * size)]))
                    }
                case .files(let files):
                    outputs = try files[picture].withBytes { bytes throws(SwiftletError) in try session.outputs(numbers, ofPicture: bytes) }
                }
                for index in outputs.indices { results[index] += outputs[index] }
            }
            return results
        }
    }
}
