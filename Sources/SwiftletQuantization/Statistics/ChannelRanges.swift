/// An interval for each channel of a tensor.
struct ChannelRanges: Sendable {
    let low: [Float]
    let high: [Float]

    subscript(channel: Int) -> Interval { Interval(low: low[channel], high: high[channel]) }
}
