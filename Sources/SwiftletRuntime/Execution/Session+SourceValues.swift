extension ModelOutput {
    /// The shape of a picture's values as the source model gives them: a vector's [classes] (of an argmax one), a map's [channels, height,
    /// width].
    package var sourceShape: [Int] { isVector ? [head.count(of: channels)] : [channels, height, width] }
}

extension Session {
    /// A picture's values of the last run, as the source model gives them, in the output's `sourceShape`.
    package func sourceValues(of index: Int) -> [Float] {
        let output = model.outputs[index]
        let values = values(of: index)
        return output.isVector ? output.head.values(values) : planes(values, channels: output.channels)
    }
}

/// [positions][channels] as [channels][positions].
private func planes(_ values: UnsafeBufferPointer<Float>, channels: Int) -> [Float] {
    let positions = values.count / channels
    var result = [Float](repeating: 0, count: values.count)
    var source = 0
    for position in 0..<positions {
        for channel in 0..<channels {
            result[channel * positions + position] = values[source]
            source += 1
        }
    }
    return result
}
