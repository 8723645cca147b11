/// What a pickle describes. Containers are numbers in the `Pickle` they belong to: however a hostile file nests or shares them, nothing
/// here recurses.
enum PickleValue {
    case none
    case bool(Bool)
    case integer(Int)
    /// Two's complement, little-endian, of more than eight bytes.
    case largeInteger(FileBytes)
    case float(Double)
    case string(String)
    case bytes(FileBytes)
    /// A list, tuple or set: `Pickle.sequences`.
    case sequence(Int)
    /// `Pickle.dictionaries`
    case dictionary(Int)
    /// A name that may be called, such as "collections.OrderedDict".
    case global(String)
    /// The description of a call: `Pickle.objects`.
    case object(Int)
    /// What the writer keeps outside the pickle, by its id: `Pickle.persistentIDs`.
    case persistent(Int)
}

/// A pickle as data. Calls are recorded, never made: whoever reads a format gives them their meaning.
struct Pickle {
    typealias Entry = (key: PickleValue, value: PickleValue)

    struct Object {
        var type: String
        /// A tuple.
        var arguments: PickleValue
        /// What BUILD, Python's `__setstate__`, was given.
        var state: PickleValue?
        /// What was set and appended after the call, as with subclasses of dict and list.
        var entries: [Entry] = []
        var elements: [PickleValue] = []
    }

    /// Which container a value is.
    enum Container: Hashable {
        case sequence(Int)
        case dictionary(Int)
        case object(Int)

        /// nil for a value that holds no others.
        init?(_ value: PickleValue) {
            switch value {
            case .sequence(let index): self = .sequence(index)
            case .dictionary(let index): self = .dictionary(index)
            case .object(let index): self = .object(index)
            default: return nil
            }
        }
    }

    var root = PickleValue.none
    var sequences: [[PickleValue]] = []
    var dictionaries: [[Entry]] = []
    var objects: [Object] = []
    var persistentIDs: [PickleValue] = []

    func sequence(_ value: PickleValue) -> [PickleValue]? {
        guard case .sequence(let index) = value else { return nil }
        return sequences[index]
    }

    func object(_ value: PickleValue) -> Object? {
        guard case .object(let index) = value else { return nil }
        return objects[index]
    }

    /// The entries of a dict or of an OrderedDict, which Python 2 gave its items as an argument.
    func entries(_ value: PickleValue) -> [Entry]? {
        switch value {
        case .dictionary(let index):
            return dictionaries[index]
        case .object(let index) where objects[index].type == "collections.OrderedDict":
            let items = sequence(objects[index].arguments)?.first.flatMap { sequence($0) } ?? []
            let pairs = items.compactMap { item -> Entry? in
                guard let pair = sequence(item), pair.count == 2 else { return nil }
                return (pair[0], pair[1])
            }
            return pairs + objects[index].entries
        default:
            return nil
        }
    }
}

extension PickleValue {
    var string: String? {
        if case .string(let value) = self { return value }
        return nil
    }

    var integer: Int? {
        if case .integer(let value) = self { return value }
        return nil
    }
}
