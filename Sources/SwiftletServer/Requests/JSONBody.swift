import Foundation
import NIOCore
import NIOFoundationCompat

/// JSON in bodies: what is wrong with it is said by the place in it.
enum JSONBody {
    static func decode<Value: Decodable>(_ type: Value.Type, from body: ByteBuffer) throws(RequestError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(buffer: body, byteTransferStrategy: .noCopy))
        } catch let error as DecodingError {
            throw .badRequest(text(of: error))
        } catch {
            throw .badRequest("the body is not JSON")
        }
    }

    static func encode(_ value: some Encodable) -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        // Only numbers that JSON lacks can fail, which the line above sees to.
        return ByteBuffer(data: (try? encoder.encode(value)) ?? Data())
    }

    private static func text(of error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context): "JSON: \(place(context.codingPath))'\(key.stringValue)' is missing"
        case .typeMismatch(let type, let context): "JSON: \(place(context.codingPath))is not of type \(name(of: type))"
        case .valueNotFound(let type, let context): "JSON: \(place(context.codingPath))is null, not of type \(name(of: type))"
        case .dataCorrupted(let context): "JSON: \(place(context.codingPath))\(context.debugDescription)"
        @unknown default: "JSON: cannot be read"
        }
    }

    /// Such as `inputs[0].shape: `.
    private static func place(_ path: [any CodingKey]) -> String {
        var text = ""
        for key in path {
            if let index = key.intValue { text += "[\(index)]" } else { text += (text.isEmpty ? "" : ".") + key.stringValue }
        }
        return text.isEmpty ? "" : text + ": "
    }

    private static func name(of type: Any.Type) -> String {
        switch type {
        case is String.Type: "string"
        case is Bool.Type: "boolean"
        case is any BinaryInteger.Type, is any BinaryFloatingPoint.Type: "number"
        case is any Collection.Type: "\(type)".hasPrefix("Dictionary") ? "object" : "array"
        default: "\(type)"
        }
    }
}
