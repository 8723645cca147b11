/// What wrappers of a network put before the names of its parameters.
enum ParameterPrefixes {
    /// DataParallel's, torch.compile's, and those of training programs that hold the network in an attribute.
    private static let known = ["module.", "_orig_mod.", "model.", "net.", "network.", "ema_model.", "ema."]

    /// The tensors by their names without the prefixes that all of them have in common.
    static func removed(from tensors: [String: WeightTensor]) -> [String: WeightTensor] {
        // Bytes that all names have in common. One is looked at once for each prefix, however many stand one after another.
        var common = 0
        func isShared(_ prefix: String) -> Bool {
            tensors.keys.allSatisfy { $0.utf8.dropFirst(common).starts(with: prefix.utf8) }
        }
        while !tensors.isEmpty, let prefix = known.first(where: isShared) { common += prefix.utf8.count }
        guard common > 0 else { return tensors }
        return Dictionary(
            tensors.map { (String(decoding: $0.key.utf8.dropFirst(common), as: UTF8.self), $0.value) },
            uniquingKeysWith: { first, _ in first })
    }
}
