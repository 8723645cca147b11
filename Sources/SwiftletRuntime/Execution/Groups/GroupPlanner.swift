internal import CKernels

/// Cuts a model's operators into groups: of all ways the one that costs least.
struct GroupPlanner {
    private let tensors: [TensorDescription]
    private let operators: [ModelOperator]
    private let costs: GroupCosts
    /// Groups wherever there may be some, with bands of so many rows; nil: where they cost less than their operators one by one.
    private let forcedRows: Int?
    /// By tensor, the last operator that reads it; `Int.max` of what is read after a run.
    private var lastReader: [Int]

    /// Operators of a group that every part computes for itself, and all.
    private static let mostOwn = 3
    private static let mostOperators = 6

    private struct Choice {
        let cost: Double
        let layout: GroupLayout?
    }

    init(_ model: Model, _ costs: GroupCosts, forcedRows: Int? = nil) {
        (tensors, operators, self.costs, self.forcedRows) = (model.tensors, model.operators, costs, forcedRows)
        lastReader = [Int](repeating: -1, count: tensors.count)
        for (index, operation) in operators.enumerated() {
            for input in operation.inputs { lastReader[input] = index }
        }
        for output in model.outputTensors { lastReader[output] = Int.max }
    }

    /// By group from the first on, its layout; nil for an operator that all threads share.
    func layouts() -> [GroupLayout?] {
        // By operator, the least that it costs from there to the end, and how that begins.
        var choices: [Choice] = []  // from the last on
        func rest(after count: Int, from index: Int) -> Double {
            index + count < operators.count ? choices[operators.count - 1 - index - count].cost : 0
        }
        for index in operators.indices.reversed() {
            var best = Choice(cost: shared(index) + rest(after: 1, from: index), layout: nil)
            for layout in candidates(from: index) {
                let total = cost(layout) + rest(after: layout.group.operators.count, from: index)
                if total < best.cost { best = Choice(cost: total, layout: layout) }
            }
            choices.append(best)
        }
        var (result, index): ([GroupLayout?], Int) = ([], 0)
        while index < operators.count {
            let layout = choices[operators.count - 1 - index].layout
            result.append(layout)
            index += layout?.group.operators.count ?? 1
        }
        return result
    }

    // MARK: - What there may be

    /// Groups that begin with an operator.
    private func candidates(from first: Int) -> [GroupLayout] {
        guard costs.parts > 1 || costs.cacheBytes > 0 || forcedRows != nil else { return [] }
        var found: [GroupLayout] = []
        for own in 0...GroupPlanner.mostOwn {
            let begin = first + own
            var end = begin
            while end < min(operators.count, first + GroupPlanner.mostOperators), follows(end, first..<begin, begin..<end) {
                end += 1
                guard end - first > 1, isClosed(first..<end), let layout = layout(first..<end, own: own) else { continue }
                found.append(layout)
            }
            guard begin < operators.count, isVector(begin) else { break }
        }
        return found
    }

    /// Whether an operator makes a vector, which every part may compute for itself.
    private func isVector(_ index: Int) -> Bool { operators[index].kind.hasKernel && tensors[operators[index].output].isVector }

    /// Whether an operator computes its output row by row, goes on with a chain or begins one, and takes no more than a gate of what every
    /// part computes for itself.
    private func follows(_ index: Int, _ own: Range<Int>, _ chain: Range<Int>) -> Bool {
        let operation = operators[index]
        let shape = operation.kind.traits.shape
        guard operation.kind.hasKernel, shape == .same || operation.kind.hasWindow, operation.shape.reachesInput else { return false }
        if let last = chain.last, operation.inputs[0] != operators[last].output { return false }
        for (place, input) in operation.inputs.enumerated() {
            if own.contains(where: { operators[$0].output == input }), place == 0 || operation.shape.gate == 0 { return false }
            if place > 0, chain.contains(where: { operators[$0].output == input }) { return false }
        }
        return true
    }

    /// Whether nothing outside reads what a group keeps to itself.
    private func isClosed(_ group: Range<Int>) -> Bool {
        group.dropLast().allSatisfy { lastReader[operators[$0].output] < group.upperBound }
    }

    private func layout(_ group: Range<Int>, own: Int) -> GroupLayout? {
        let chainOperators = operators[(group.lowerBound + own)..<group.upperBound]
        guard let chain = RowChain(chainOperators, tensors) else { return nil }
        let rows = forcedRows ?? chain.bandRows(most: (chain.rows + costs.parts - 1) / costs.parts, budget: costs.bandBytes)
        let result = OperatorGroup(group, own: own, bandRows: min(rows, chain.rows))
        return GroupLayout(result, chain, operators: operators, tensors: tensors, parts: costs.parts)
    }

    // MARK: - What it costs

    /// An operator that all threads share.
    private func shared(_ index: Int) -> Double {
        if forcedRows != nil { return 1e6 }
        let operation = operators[index]
        let maps = (operation.inputs + [operation.output]).reduce(WideCount(0)) { $0 + tensors[$1].byteCount }
        return costs.work(operation) / Double(costs.parts) + costs.calls(1) + costs.traffic(maps) + costs.waiting
    }

    private func cost(_ layout: GroupLayout) -> Double {
        if forcedRows != nil { return 1 }
        let (group, chain) = (layout.group, layout.chain)
        var result = costs.waiting + costs.calls(group.own)
        for index in group.operators.lowerBound..<group.chain.lowerBound { result += costs.work(operators[index]) }
        // The first part, one in the middle and the last one, as if all were as large as the largest.
        let most = (chain.rows + costs.parts - 1) / costs.parts
        var largest = 0.0
        for first in [0, (chain.rows - most) / 2, chain.rows - most] {
            let windows = chain.outputRows(under: first..<(first + most))
            var work = 0.0
            for (place, index) in group.chain.enumerated() {
                work += costs.work(operators[index]) * Double(windows[place].count) / Double(chain.shapes[place].out_h)
            }
            largest = max(largest, work)
        }
        var maps = tensors[operators[group.operators.upperBound - 1].output].byteCount
        for index in group.operators {
            for input in operators[index].inputs where !group.hidden.contains(where: { operators[$0].output == input }) {
                maps = maps + tensors[input].byteCount
            }
        }
        let bands = (most + group.bandRows - 1) / group.bandRows
        return result + largest + costs.calls(bands * chain.shapes.count) + costs.traffic(maps)
    }
}
