/// What each class of a picture is believed to be, in [0, 1], with the same operations on every machine.
package struct Probabilities: Sendable {
    /// One a class. They sum to 1, but for a sigmoid's, each of which stands by itself.
    package let values: [Double]

    /// - Parameters:
    ///   - logits: finite values, one a class.
    ///   - head: what the source model does to them. A sigmoid is taken as it is; everything else ranks classes, of which one is right.
    package init(_ logits: UnsafeBufferPointer<Float>, _ head: OutputHead) {
        guard head == .sigmoid else {
            values = Softmax(logits).probabilities
            return
        }
        var values = [Double](repeating: 0, count: logits.count)
        for index in 0..<logits.count {
            let share = Softmax.exponential(-Double(logits[index].magnitude))
            values[index] = (logits[index] < 0 ? share : 1) / (1 + share)
        }
        self.values = values
    }

    /// The `count` most likely classes (or all, when there are fewer), the lower class first among equals.
    package func top(_ count: Int) -> [Int] {
        var best: [Int] = []
        for index in 0..<values.count {
            // Everything in `best` has a lower index, so only a greater value goes before it.
            var position = best.count
            while position > 0, values[index] > values[best[position - 1]] { position -= 1 }
            guard position < count else { continue }
            best.insert(index, at: position)
            if best.count > count { best.removeLast() }
        }
        return best
    }
}
