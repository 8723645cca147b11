/// The pictures that a network is calibrated on.
package struct CalibrationSet: Sendable {
    /// How the input tensor's grid is found.
    package enum InputRange: Sendable {
        /// Pictures are (pixel - mean[c]) / std[c] of 8-bit pixels: the grid is the pixels' own, so that quantizing the input loses
        /// nothing.
        case pixels(mean: [Float], std: [Float])
        /// Any values: min-max per channel over the set.
        case measured
    }

    package let count: Int
    package let inputRange: InputRange
    /// NHWC values of one picture, normalized as the network wants them, height x width x channels of its input tensor. Called for
    /// 0..<count from several threads, in any order.
    package let picture: @Sendable (Int) throws -> [Float]

    package init(count: Int, inputRange: InputRange, picture: @escaping @Sendable (Int) throws -> [Float]) {
        self.count = count
        self.inputRange = inputRange
        self.picture = picture
    }
}
