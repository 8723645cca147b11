import Foundation

/// Reads a recipe, a model's notes or labels.
enum JSONFile {
    /// - Throws: when it is too large, no JSON, of another form, or gives a key twice, of which only one could count.
    static func decode<Value: Decodable>(
        _: Value.Type, _ path: String, atMost most: Int = InputFile.largestSettings
    ) throws(ToolError) -> Value {
        let bytes = try InputFile.read(path, atMost: most)
        let data = Data(bytes)
        return try ToolError.wrapping(.badInput, path) {
            let value: Value
            do {
                value = try JSONDecoder().decode(Value.self, from: data)
            } catch DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty && context.underlyingError == nil {
                throw ToolError.badInput("\(path): \(fault(data) ?? context.debugDescription)")
            }
            if let key = try repeatedKey(bytes) { throw ToolError.badInput("\(path): the key \"\(key)\" stands there twice") }
            return value
        }
    }

    /// What is wrong and where, which the decoder keeps to itself; nil where there is no more to tell.
    private static func fault(_ data: Data) -> String? {
        do {
            _ = try JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
            return nil
        } catch {
            return (error as NSError).userInfo[NSDebugDescriptionErrorKey].map { "not valid JSON: \($0)" }
        }
    }

    /// A key that an object has twice, in bytes that are known to be JSON.
    static func repeatedKey(_ bytes: [UInt8]) throws -> String? {
        var objects: [Set<String>] = []
        var text: Range<Int>?
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                let start = index
                index += 1
                while index < bytes.count, bytes[index] != UInt8(ascii: "\"") { index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1 }
                text = start..<min(index + 1, bytes.count)
            case UInt8(ascii: ":"):
                guard let range = text, !objects.isEmpty else { break }
                let key = try JSONDecoder().decode(String.self, from: Data(bytes[range]))
                if !objects[objects.count - 1].insert(key).inserted { return key }
            case UInt8(ascii: "{"): objects.append([])
            case UInt8(ascii: "}"): if !objects.isEmpty { objects.removeLast() }
            default: break
            }
            index += 1
        }
        return nil
    }
}
