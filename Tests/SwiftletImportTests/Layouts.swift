import SwiftletGraph

/// A picture's values, [channels][height][width], as the networks here take them: [height][width][channels].
func channelsLast(_ values: [Float], _ shape: Tensor) -> [Float] {
    let positions = shape.height * shape.width
    return (0..<shape.count).map { values[$0 % shape.channels * positions + $0 / shape.channels] }
}

/// The other way around.
func channelsFirst(_ values: [Float], _ shape: Tensor) -> [Float] {
    let positions = shape.height * shape.width
    return (0..<shape.count).map { values[$0 % positions * shape.channels + $0 / positions] }
}
