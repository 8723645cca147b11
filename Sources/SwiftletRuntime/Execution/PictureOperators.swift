extension Model {
    /// Maps of a batch that together take more than this are not found in the second-level cache when the next operator reads them.
    private static let cachedBytes = WideCount(512 << 10)
    /// Operators times pictures that a list of stages may have.
    private static let mostSteps = WideCount(1 << 20)

    /// How many operators, from the first on, a batch runs picture by picture: the number that moves the fewest bytes through the outer
    /// caches. Picture by picture, weights are read again for each; together, maps that do not fit are.
    func pictureOperators(batch: Int) -> Int {
        guard batch > 1, WideCount(operators.count) * batch <= Model.mostSteps else { return 0 }
        // Bytes that the operators from each one on move together.
        var together = [WideCount](repeating: WideCount(0), count: operators.count + 1)
        for (index, operation) in operators.enumerated().reversed() {
            let maps = (operation.inputs + [operation.output]).reduce(WideCount(0)) { $0 + tensors[$1].byteCount } * batch
            together[index] = together[index + 1] + operation.parameterBytes + (maps > Model.cachedBytes ? maps : WideCount(0))
        }
        var byPicture = WideCount(0)
        var (least, best) = (together[0], 0)
        for (index, operation) in operators.enumerated() {
            byPicture = byPicture + WideCount(operation.parameterBytes) * batch
            let moved = byPicture + together[index + 1]
            if moved < least { (least, best) = (moved, index + 1) }
        }
        return best
    }
}
