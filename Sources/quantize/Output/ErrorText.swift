import Foundation

/// Any error as one line.
func oneLine(_ error: any Error) -> String {
    let text: String
    switch error {
    case let error as ToolError: text = error.message
    case let error as DecodingError: text = describe(error)
    case let error as CustomStringConvertible where !(error is NSError): text = error.description
    case let error as LocalizedError: text = error.errorDescription ?? "\(error)"
    default: text = error.localizedDescription
    }
    return text.split(whereSeparator: \.isNewline).joined(separator: " ")
}

private func describe(_ error: DecodingError) -> String {
    let context: DecodingError.Context
    switch error {
    case .keyNotFound(let key, _): return "the key '\(key.stringValue)' is missing"
    case .typeMismatch(_, let found), .valueNotFound(_, let found), .dataCorrupted(let found): context = found
    @unknown default: return "\(error)"
    }
    let place = context.codingPath.map(\.stringValue).joined(separator: ".")
    return place.isEmpty ? context.debugDescription : "\(place): \(context.debugDescription)"
}
