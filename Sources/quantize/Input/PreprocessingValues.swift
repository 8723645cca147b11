import ArgumentParser
import SwiftletRuntime

/// A number a channel, such as `127.5,127.5,127.5`, or one for all.
struct ChannelValues: ExpressibleByArgument, Equatable {
    let values: [Float]

    init(_ values: [Float]) {
        self.values = values
    }

    init?(argument: String) {
        let words = argument.split(separator: ",", omittingEmptySubsequences: false)
        let values = words.compactMap { Float($0) }
        guard ChannelValues.counts.contains(words.count), values.count == words.count, values.allSatisfy(\.isFinite) else { return nil }
        self.values = values
    }

    private static let counts = [1, 3]

    /// What a mean may be at most, a deviation at most and, inverted, at least: beyond it normalized pixels leave the range of float.
    private static let largest: Float = 1e6

    /// - Parameter prefix: of the key in the message.
    static func check(mean: [Float]?, std: [Float]?, _ prefix: String) throws(ToolError) {
        for (key, values) in [("mean", mean), ("std", std)] {
            guard counts.contains(values?.count ?? 3) else { throw .badInput("\(prefix)\(key) needs three numbers, or one") }
        }
        guard std?.allSatisfy({ $0 > 0 }) ?? true else { throw .badInput("\(prefix)std must be above 0") }
        guard std?.allSatisfy({ $0 >= 1 / largest && $0 <= largest }) ?? true else {
            throw .badInput("\(prefix)std must be from 0.000001 to 1000000")
        }
        guard mean?.allSatisfy({ abs($0) <= largest }) ?? true else { throw .badInput("\(prefix)mean must be from -1000000 to 1000000") }
    }
}

/// `256`, one side, or `48x192`, height and width.
enum PictureSize: ExpressibleByArgument, Equatable, CustomStringConvertible {
    case side(Int)
    case exact(height: Int, width: Int)

    init?(argument: String) {
        let words = argument.split(separator: "x", omittingEmptySubsequences: false)
        let sides = words.compactMap { Int($0) }
        guard sides.count == words.count, sides.allSatisfy({ (1...65_500).contains($0) }) else { return nil }
        switch sides.count {
        case 1: self = .side(sides[0])
        case 2: self = .exact(height: sides[0], width: sides[1])
        default: return nil
        }
    }

    /// nil for no resizing.
    init?(_ resize: Preprocessing.Resize) {
        switch resize {
        case .none: return nil
        case .shorterSide(let side): self = .side(side)
        case .exact(let height, let width): self = .exact(height: height, width: width)
        }
    }

    var description: String {
        switch self {
        case .side(let side): "\(side)"
        case .exact(let height, let width): "\(height)x\(width)"
        }
    }

    /// Height and width, a single side standing for both.
    var square: (height: Int, width: Int) {
        switch self {
        case .side(let side): (side, side)
        case .exact(let height, let width): (height, width)
        }
    }
}

extension Preprocessing.Interpolation: ExpressibleByArgument {
    private static let names: KeyValuePairs<String, Self> = [
        "opencv-bilinear": .opencvBilinear, "pillow-bilinear": .pillowBilinear, "pillow-bicubic": .pillowBicubic,
    ]

    /// What the option takes, as help lists it.
    public static var allValueStrings: [String] { names.map(\.key) }

    /// As --interpolation takes it.
    var name: String { Self.names.first { $0.value == self }!.key }

    /// From the option's text; nil where it is none of them.
    public init?(argument: String) {
        guard let named = Self.names.first(where: { $0.key == argument }) else { return nil }
        self = named.value
    }
}

extension Preprocessing.ChannelOrder: ExpressibleByArgument {
    private static let names: KeyValuePairs<String, Self> = ["rgb": .rgb, "bgr": .bgr, "gray": .gray]

    /// What the option takes, as help lists it.
    public static var allValueStrings: [String] { names.map(\.key) }

    /// As --channels takes it.
    var name: String { Self.names.first { $0.value == self }!.key }

    /// From the option's text; nil where it is none of them.
    public init?(argument: String) {
        guard let named = Self.names.first(where: { $0.key == argument }) else { return nil }
        self = named.value
    }
}
