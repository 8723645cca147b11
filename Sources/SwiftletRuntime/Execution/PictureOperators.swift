extension Model {
    /// Maps of a batch that together take more than this are not found in the second-level cache when the next operator reads them.
    private static let cachedBytes = 512 << 10

    /// How many operators, from the first on, a batch runs picture by picture: the number that moves the fewest bytes through the outer caches.
    /// Picture by picture, weights are read again for each; together, maps that do not fit are.
    func pictureOperators(batch: Int) -> Int {
        guard batch > 1 else { return 0 }
        func mapBytes(_ operation: ModelOperator) -> Int {
            let bytes = (operation.inputs + [operation.output]).reduce(0) { $0 + tensors[$1].byteCount }
            return bytes * batch > Model.cachedBytes ? bytes * batch : 0
        }
        var moved = operators.reduce(0) { $0 + mapBytes($1) + $1.parameterBytes }
        var (least, best) = (moved, 0)
        for (index, operation) in operators.enumerated() {
            moved += operation.parameterBytes * (batch - 1) - mapBytes(operation)
            if moved < least { (least, best) = (moved, index + 1) }
        }
        return best
    }
}
