/// How a map is made larger or smaller. The names are ONNX's.
package struct ResizeAttributes: Sendable {
    /// Where a position of the result lies in the map.
    package enum Coordinates: Sendable {
        /// Pixels are areas: their middles are half a pixel from the map's edge.
        case halfPixel
        /// As `halfPixel`, but a result of one position is the map's first.
        case pytorchHalfPixel
        /// The first positions of both lie upon each other, and so do the last.
        case alignCorners
        /// The first positions of both lie upon each other.
        case asymmetric
        /// As `halfPixel`, moved by half a pixel of the map: TensorFlow's, for the nearest neighbor.
        case halfPixelForNearest
    }

    /// Which neighbor is the nearest.
    package enum Rounding: Sendable {
        /// The nearest; of two the first.
        case preferFloor
        /// The nearest; of two the second.
        case preferCeiling
        case floor
        case ceiling
        /// The first where the map grows, the second where it shrinks.
        case byDirection
    }

    /// Linear between neighbors; otherwise the nearest one.
    package var isLinear: Bool
    /// The scales are the third input and the sizes the fourth, as since opset 11; before, the scales are the second.
    package var hasRegion: Bool
    package var coordinates: Coordinates
    /// Of the nearest neighbor.
    package var rounding: Rounding
    /// The axes that scales and sizes are of; nil: all.
    package var axes: [Int]?

    package init(
        isLinear: Bool, hasRegion: Bool, coordinates: Coordinates = .asymmetric, rounding: Rounding = .floor, axes: [Int]? = nil
    ) {
        (self.isLinear, self.hasRegion) = (isLinear, hasRegion)
        (self.coordinates, self.rounding, self.axes) = (coordinates, rounding, axes)
    }
}
