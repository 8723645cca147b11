import Foundation

/// As much of JSON Schema as Benchmarks/bench.schema.json uses. An unknown keyword is a fault: it would be a rule that nobody checks.
enum JSONSchema {
    private static let annotations: Set = ["$schema", "title", "description"]

    /// What in `value` is not as the schema says, each with its place.
    static func faults(_ value: Any, _ schema: [String: Any], at place: String = "$") -> [String] {
        schema.sorted { $0.key < $1.key }.flatMap { keyword, rule in
            annotations.contains(keyword) ? [] : faults(value, keyword, rule, schema, place)
        }
    }

    private static func faults(_ value: Any, _ keyword: String, _ rule: Any, _ schema: [String: Any], _ place: String) -> [String] {
        let members = value as? [String: Any] ?? [:]
        let elements = value as? [Any] ?? []
        let number = (value as? NSNumber)?.doubleValue
        switch keyword {
        case "type":
            let types = rule as? [String] ?? [rule as? String ?? ""]
            return types.contains { isOf($0, value) } ? [] : ["\(place): \(value) is not \(types)"]
        case "enum":
            return (rule as? [String])?.contains(value as? String ?? "") == true ? [] : ["\(place): \(value) is none of \(rule)"]
        case "minimum":
            return number.map { $0 >= (rule as! NSNumber).doubleValue } ?? true ? [] : ["\(place): \(value) is below \(rule)"]
        case "maximum":
            return number.map { $0 <= (rule as! NSNumber).doubleValue } ?? true ? [] : ["\(place): \(value) is above \(rule)"]
        case "minItems":
            return elements.count >= (rule as! NSNumber).intValue ? [] : ["\(place): fewer than \(rule)"]
        case "required":
            return (rule as! [String]).filter { members[$0] == nil }.map { "\(place): lacks \($0)" }
        case "additionalProperties":
            let known = Set((schema["properties"] as! [String: Any]).keys)
            return members.keys.filter { !known.contains($0) }.sorted().map { "\(place): \($0) is not in the schema" }
        case "properties":
            return (rule as! [String: [String: Any]]).flatMap { key, schema in
                members[key].map { faults($0, schema, at: "\(place).\(key)") } ?? []
            }
        case "items":
            return elements.enumerated().flatMap { faults($1, rule as! [String: Any], at: "\(place)[\($0)]") }
        default:
            return ["\(place): the schema's keyword \(keyword) is not known here"]
        }
    }

    private static func isOf(_ type: String, _ value: Any) -> Bool {
        let isFlag = (value as? NSNumber).map { isBoolean($0) } ?? false
        return switch type {
        case "object": value is [String: Any]
        case "array": value is [Any]
        case "string": value is String
        case "boolean": isFlag
        case "null": value is NSNull
        case "number": !isFlag && value is NSNumber
        case "integer": !isFlag && ((value as? NSNumber).map { $0.doubleValue == $0.doubleValue.rounded() } ?? false)
        default: false
        }
    }

    /// Foundation reads both true and 1 as an `NSNumber`.
    private static func isBoolean(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
}
