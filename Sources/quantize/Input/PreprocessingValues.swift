import ArgumentParser
import SwiftletRuntime

/// Three numbers, such as `127.5,127.5,127.5`.
struct ChannelValues: ExpressibleByArgument, Equatable {
    let values: [Float]

    init(_ values: [Float]) {
        self.values = values
    }

    init?(argument: String) {
        let words = argument.split(separator: ",", omittingEmptySubsequences: false)
        let values = words.compactMap { Float($0) }
        guard words.count == 3, values.count == 3, values.allSatisfy(\.isFinite) else { return nil }
        self.values = values
    }
}

/// `256`, one side, or `48x192`, height and width.
enum PictureSize: ExpressibleByArgument, Equatable {
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

    /// Height and width, a single side standing for both.
    var square: (height: Int, width: Int) {
        switch self {
        case .side(let side): (side, side)
        case .exact(let height, let width): (height, width)
        }
    }
}

enum InterpolationName: String, ExpressibleByArgument, CaseIterable {
    case opencvBilinear = "opencv-bilinear"
    case pillowBilinear = "pillow-bilinear"
    case pillowBicubic = "pillow-bicubic"

    var value: Preprocessing.Interpolation {
        switch self {
        case .opencvBilinear: .opencvBilinear
        case .pillowBilinear: .pillowBilinear
        case .pillowBicubic: .pillowBicubic
        }
    }
}

enum ChannelOrderName: String, ExpressibleByArgument, CaseIterable {
    case rgb
    case bgr
}
