extension Pickle {
    /// What training programs call the entry that has the weights, in the order in which they are looked for.
    static let stateDictWrappers = ["state_dict", "model_state_dict", "model", "model_ema", "net", "network", "params"]

    /// The entries of the state dict: of the root, or of what a training checkpoint has under one of the wrappers. These may be nested
    /// once, as {"model": {"state_dict": ...}} is.
    func stateDict(where isTensor: (PickleValue) -> Bool) throws(CheckpointError) -> [Pickle.Entry] {
        var candidates = [root]
        // Dicts may hold each other: none is looked at twice.
        var seen: Set<Pickle.Container> = []
        for _ in 0..<3 {
            var inner = [PickleValue]()
            for candidate in candidates {
                guard let container = Pickle.Container(candidate), seen.insert(container).inserted, let entries = entries(candidate)
                else { continue }
                if entries.contains(where: { isTensor($0.value) }) { return entries }
                for wrapper in Self.stateDictWrappers { inner += entries.filter { $0.key.string == wrapper }.suffix(1).map(\.value) }
            }
            candidates = inner
        }
        throw CheckpointError(
            "no state dict in it: no dict with tensors at the top or under " + Self.stateDictWrappers.joined(separator: ", "))
    }
}
