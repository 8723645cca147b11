extension Convolution {
    /// This convolution followed by `affine`, whose channels are its outputs. There must be no activation between.
    package func followed(by affine: Affine) -> Convolution {
        var result = self
        let perOutput = weights.count / outputs
        for output in 0..<outputs {
            let scale = affine.scale(output)
            for index in output * perOutput..<(output + 1) * perOutput {
                result.weights[index] = Float(Double(weights[index]) * scale)
            }
            result.bias[output] = Float(Double(bias[output]) * scale + affine.shift(output))
        }
        return result
    }

    /// This convolution after `affine`, whose channels are its inputs. A shift needs a window without padding: padding is zero behind it.
    func preceded(by affine: Affine) -> Convolution {
        var result = self
        let perGroup = inputsPerGroup
        let perOutput = weights.count / outputs
        for output in 0..<outputs {
            let firstInput = output / (outputs / groups) * perGroup
            var shift = Double(bias[output])
            for offset in 0..<perOutput {
                let input = firstInput + offset % perGroup
                let weight = Double(weights[output * perOutput + offset])
                result.weights[output * perOutput + offset] = Float(weight * affine.scale(input))
                shift += weight * affine.shift(input)
            }
            result.bias[output] = Float(shift)
        }
        return result
    }

    /// y = x * scale + shift per channel, with zeros around the map first.
    static func depthwise(_ affine: Affine, channels: Int, padding: Window = Window()) -> Convolution {
        Convolution(
            window: padding, groups: channels, weights: (0..<channels).map { Float(affine.scale($0)) },
            bias: (0..<channels).map { Float(affine.shift($0)) }, activation: .none)
    }
}
