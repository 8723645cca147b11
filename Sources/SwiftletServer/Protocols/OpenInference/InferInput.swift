import HTTPTypes
import Hummingbird
import SwiftletRuntime

/// What an inference request gives a model: checked against what it takes.
enum InferInput: Sendable {
    /// Normalized values, [pictures][channels][height][width].
    case planes([Float], pictures: Int)
    /// Encoded pictures: JPEG, PNG, PPM or PGM.
    case files([ByteBuffer])

    /// Reads the JSON and the binary part after it.
    /// - Parameter headerLength: the request's field of that name; nil: all of the body is JSON.
    static func split(_ body: ByteBuffer, headerLength: String?) throws(RequestError) -> (request: InferRequest, binary: ByteBuffer) {
        var binary = body
        guard let headerLength else { return (try JSONBody.decode(InferRequest.self, from: body), ByteBuffer()) }
        guard let length = Int(headerLength), let json = length >= 0 ? binary.readSlice(length: length) : nil else {
            throw .badRequest("Inference-Header-Content-Length is '\(headerLength)', but the body has \(body.readableBytes) bytes")
        }
        return (try JSONBody.decode(InferRequest.self, from: json), binary)
    }

    /// - Parameters:
    ///   - request: the JSON.
    ///   - binary: what stands after it.
    ///   - served: the model that is asked.
    /// - Throws: where name, datatype, shape or size do not fit the model.
    init(_ request: InferRequest, _ binary: ByteBuffer, for served: ServedModel) throws(RequestError) {
        let name = served.model.inputTensor.name
        guard request.inputs.count == 1 else {
            throw .badRequest("model '\(served.name)' takes 1 input, '\(name)', but \(request.inputs.count) are given")
        }
        let input = request.inputs[0]
        guard input.name == name else { throw .badRequest("unexpected input '\(input.name)': model '\(served.name)' takes '\(name)'") }
        switch input.datatype {
        case "FP32": self = try InferInput.readPlanes(input, binary, served)
        case "BYTES": self = try InferInput.readFiles(input, binary, served)
        default: throw .badRequest("input '\(name)' is of datatype '\(input.datatype)': FP32 is taken, or BYTES of encoded pictures")
        }
    }

    var pictures: Int {
        switch self {
        case .planes(_, let pictures): pictures
        case .files(let files): files.count
        }
    }

    private static func readPlanes(_ input: InferRequest.Input, _ binary: ByteBuffer, _ served: ServedModel) throws(RequestError)
        -> InferInput
    {
        let shape = served.model.inputShape
        let wanted = [shape.channels, shape.height, shape.width]
        guard input.shape.count == 4, input.shape[0] >= 1, Array(input.shape[1...]) == wanted else {
            throw .badRequest("input '\(input.name)' has shape \(input.shape), but the model takes [-1, \(shape.text)]")
        }
        let (count, isTooMuch) = input.shape[0].multipliedReportingOverflow(by: shape.count)
        let values: [Float]
        if input.parameters?.binarySize != nil {
            guard !isTooMuch, count <= Int.max / 4 else { throw .badRequest("input '\(input.name)' has too many values") }
            let bytes = try takeAll(of: binary, input)
            guard bytes.readableBytes == count * MemoryLayout<Float>.size else {
                throw .badRequest("input '\(input.name)' has \(bytes.readableBytes) bytes, but its shape \(input.shape) \(count * 4)")
            }
            values = [Float](unsafeUninitializedCapacity: count) { target, initialized in
                bytes.withUnsafeReadableBytes { UnsafeMutableRawBufferPointer(target).copyMemory(from: $0) }
                initialized = count
            }
        } else {
            values = try jsonValues(input, binary)
            guard !isTooMuch, values.count == count else {
                throw .badRequest("input '\(input.name)' has \(values.count) values, not as many as its shape \(input.shape) says")
            }
        }
        guard values.allSatisfy(\.isFinite) else { throw .badRequest("input '\(input.name)' has values that are not finite") }
        return .planes(values, pictures: input.shape[0])
    }

    private static func jsonValues(_ input: InferRequest.Input, _ binary: ByteBuffer) throws(RequestError) -> [Float] {
        guard let data = input.data else { throw .badRequest("input '\(input.name)' has neither data nor binary_data_size") }
        guard binary.readableBytes == 0 else { throw .badRequest("\(binary.readableBytes) bytes after the JSON belong to no input") }
        return data.values
    }

    /// Encoded pictures, each after its length: four bytes, the lowest first.
    private static func readFiles(_ input: InferRequest.Input, _ binary: ByteBuffer, _ served: ServedModel) throws(RequestError)
        -> InferInput
    {
        guard served.model.takesPictures else { throw .badRequest("model '\(served.name)' takes tensors, not pictures") }
        guard input.parameters?.binarySize != nil else { throw .badRequest("input '\(input.name)': BYTES are taken as binary data alone") }
        guard input.shape.count == 1 || input.shape.count == 2 && input.shape[1] == 1, input.shape[0] >= 1 else {
            throw .badRequest("input '\(input.name)' has shape \(input.shape), but encoded pictures are [N]")
        }
        var bytes = try takeAll(of: binary, input)
        var files: [ByteBuffer] = []
        while bytes.readableBytes > 0 {
            guard let length = bytes.readInteger(endianness: .little, as: UInt32.self), let file = bytes.readSlice(length: Int(length))
            else {
                throw .badRequest("input '\(input.name)' ends inside a picture")
            }
            files.append(file)
        }
        guard files.count == input.shape[0] else {
            throw .badRequest("input '\(input.name)' has \(files.count) pictures, but its shape says \(input.shape[0])")
        }
        return .files(files)
    }

    /// The binary part, which is the only input's.
    private static func takeAll(of binary: ByteBuffer, _ input: InferRequest.Input) throws(RequestError) -> ByteBuffer {
        guard input.data == nil else { throw .badRequest("input '\(input.name)' has both data and binary_data_size") }
        guard binary.readableBytes == input.parameters?.binarySize else {
            throw .badRequest(
                "\(binary.readableBytes) bytes are after the JSON, but binary_data_size is \(input.parameters?.binarySize ?? 0)")
        }
        return binary
    }
}

extension Model.InputShape {
    /// `3, 224, 224`
    var text: String { "\(channels), \(height), \(width)" }
}
