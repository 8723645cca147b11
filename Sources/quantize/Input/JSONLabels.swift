/// Labels as JSON: a list of names, a map from class numbers to names (or to Keras' pair of a WordNet number and a name), or from names to
/// class numbers (torchvision's `class_to_idx`).
enum JSONLabels: Decodable {
    case list([String])
    case names([String: String])
    case pairs([String: [String]])
    case numbers([String: Int])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let list = try? container.decode([String].self) {
            self = .list(list)
        } else if let names = try? container.decode([String: String].self) {
            self = .names(names)
        } else if let pairs = try? container.decode([String: [String]].self) {
            self = .pairs(pairs)
        } else if let numbers = try? container.decode([String: Int].self) {
            self = .numbers(numbers)
        } else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "labels in JSON are a list of names, or a map of class numbers and names")
        }
    }

    var form: String {
        switch self {
        case .list: "a JSON list"
        case .names: "a JSON map from class numbers to names"
        case .pairs: "Keras' class index"
        case .numbers: "a JSON map from names to class numbers"
        }
    }

    /// Number and name of every class. A key that is no number counts as class -1, which there is not.
    var entries: [(Int, String)] {
        switch self {
        case .list(let list): list.enumerated().map { ($0, $1) }
        case .names(let names): names.map { (Int($0) ?? -1, $1) }
        case .pairs(let pairs): pairs.map { (Int($0) ?? -1, $1.last ?? "") }
        case .numbers(let numbers): numbers.map { ($1, $0) }
        }
    }
}
