import SwiftletGraph

/// What is known of a layer's output before a picture is seen, as far as its grid depends on it.
struct LayerOutput: Sendable {
    let tensor: Tensor
    /// Whether it is a vector that the network gives out.
    let isLogits: Bool
    /// The activation that makes its values.
    let activation: Activation
    /// The values that matter to whoever reads them: the grid goes no further.
    let useful: Interval
    /// Whether each channel gets a scale and a zero point of its own. Vectors, those after global pooling, never do: a few hundred
    /// pictures give a channel only a few hundred values, and its extremes are badly known.
    let isPerChannel: Bool

    /// Whether it is a vector of shares, 0 to 1: its grid is [0, 1], whatever was measured.
    var isGate: Bool { tensor.isVector && !isLogits && activation.isUnitInterval }
}
