internal import CKernels

/// How much memory a session needs, all known before any of it is allocated.
struct SessionSizes {
    let arena: Int
    /// Of all threads.
    let scratch: Int
    /// Of one thread that has a picture of its own, or of a group's part; from one to the next.
    let ownScratch: Int
    /// What lies between a group's operators, of one part, from part to part; and of all.
    let ownBands: Int
    let bands: Int
    /// By output, of the whole batch's values in single precision.
    let outputs: [Int]
    /// [256][channels] of the input's type.
    let pixelTable: Int

    /// - Parameters:
    ///   - operators: with their kernels chosen.
    ///   - parts: that an operator of the whole batch or a group is divided into.
    ///   - groups: of operators that do not run picture by picture.
    /// - Throws: `SwiftletError` with the operator and the figure, where something is beyond its ceiling.
    init(
        tensors: [TensorDescription], operators: [ModelOperator], plan: MemoryPlan, input: Int, outputs: [Int], batch: Int, threads: Int,
        parts: Int, pictureOperators: Int, groups: [GroupPlan] = [], keepsTensors: Bool
    ) throws(SwiftletError) {
        // A model that takes too much for one picture is to blame itself, else whoever wants more than that.
        let kind: SwiftletError.Kind = batch == 1 && threads == 1 && !keepsTensors ? .badFile : .badInput
        guard plan.largestTensor.bytes <= Ceilings.arenaBytes else {
            let (tensor, bytes) = plan.largestTensor
            let excess = Ceilings.exceeded(bytes, "bytes", Ceilings.arenaBytes)
            throw SwiftletError(kind, "tensor \(tensor) (\(tensors[tensor].name)): \(batch) pictures take \(excess)")
        }
        let ceiling = keepsTensors ? Ceilings.keptArenaBytes : Ceilings.arenaBytes
        guard let arena = plan.arenaSize.within(ceiling) else {
            throw SwiftletError(kind, "activations: \(Ceilings.exceeded(plan.arenaSize, "bytes for \(batch) pictures", ceiling))")
        }
        var (shared, own) = (WideCount(0), WideCount(0))
        var isGrouped = operators.map { _ in false }
        for group in groups where !group.isShared {
            for index in group.operators { isGrouped[index] = true }
        }
        let owners = max(threads, parts)
        for (index, operation) in operators.enumerated() {
            guard let kernel = operation.kernel else { continue }
            let isOfPicture = index < pictureOperators || isGrouped[index]
            let all = SessionSizes.scratch(kernel, operation.shape, batch: isOfPicture ? 1 : batch, parts: parts)
            let one =
                isOfPicture ? (SessionSizes.scratch(kernel, operation.shape, batch: 1, parts: 1) + Int(SK_SLACK)).aligned : WideCount(0)
            let most = max(all, one * owners)
            guard most <= Ceilings.scratchBytes else {
                throw SwiftletError(
                    kind,
                    "operator \(index) (\(operation.name)): working memory with \(threads) thread(s) takes "
                        + Ceilings.exceeded(most, "bytes", Ceilings.scratchBytes))
            }
            (shared, own) = (max(shared, all), max(own, one))
        }
        let results = outputs.map { tensors[$0].valueCount * batch * MemoryLayout<Float>.size + Int(SK_SLACK) }
        let pixelTable = WideCount(tensors[input].channels) * 256 * tensors[input].type.size + Int(SK_SLACK)
        guard let scratch = (max(shared, own * owners) + Int(SK_SLACK)).within(.tooLarge), let ownScratch = own.within(.tooLarge),
            results.reduce(WideCount(0), { $0 + $1 }) <= Ceilings.arenaBytes, let pixelTable = pixelTable.within(Ceilings.arenaBytes)
        else { throw SwiftletError(kind, "outputs: more than \(Ceilings.arenaBytes.text) bytes for \(batch) pictures") }
        (self.arena, self.scratch, self.ownScratch, self.pixelTable) = (arena, scratch, ownScratch, pixelTable)
        ownBands = groups.reduce(0) { max($0, $1.partBytes) }
        bands = ownBands * parts  // as each layout has checked
        self.outputs = results.map { $0.within(Ceilings.arenaBytes)! }
    }

    private static func scratch(_ kernel: UnsafePointer<sk_kernel>, _ shape: sk_shape, batch: Int, parts: Int) -> WideCount {
        guard let bytes = kernel.pointee.scratch_bytes else { return WideCount(0) }
        var shape = shape
        shape.batch = Int32(batch)
        return WideCount(bytes(&shape, Int32(parts)))
    }
}
