/// A layer's FP32 output on the calibration set.
struct MeasuredOutput: Sendable {
    let output: LayerOutput
    let values: PictureTensor
    let ranges: ObservedRanges
    /// The number of this tensor's random sample among those of one seed.
    let stream: Int
}
