internal import CKernels

/// Cuts a model's operators into groups: of all ways the one that costs least.
struct GroupPlanner {
    private let tensors: [TensorDescription]
    private let operators: [ModelOperator]
    private let costs: GroupCosts
    private let rule: GroupRule
    /// By tensor, the last operator that reads it; `Int.max` of what is read after a run.
    private var lastReader: [Int]

    /// Operators of a group that every part computes for itself, and all.
    private static let mostOwn = 3
    private static let mostOperators = 6

    private struct Choice {
        let cost: Double
        let plan: GroupPlan
    }

    init(_ model: Model, _ costs: GroupCosts, _ rule: GroupRule) {
        (tensors, operators, self.costs, self.rule) = (model.tensors, model.operators, costs, rule)
        lastReader = [Int](repeating: -1, count: tensors.count)
        for (index, operation) in operators.enumerated() {
            for input in operation.inputs { lastReader[input] = index }
        }
        for output in model.outputTensors { lastReader[output] = Int.max }
    }

    /// All operators from one on, group by group.
    func plans(from first: Int) -> [GroupPlan] {
        if case .none = rule { return operators.indices.dropFirst(first).map { .shared($0) } }
        // By operator, the least that it costs from there to the end, and how that begins.
        var choices: [Choice] = []  // from the last on
        for index in (first..<operators.count).reversed() {
            var best: Choice?
            for plan in [.shared(index)] + rowGroups(from: index) + channelGroups(from: index) {
                let next = plan.operators.upperBound
                let total = cost(plan) + (next < operators.count ? choices[operators.count - 1 - next].cost : 0)
                if total < best?.cost ?? .infinity { best = Choice(cost: total, plan: plan) }
            }
            choices.append(best!)
        }
        var (plans, index): ([GroupPlan], Int) = ([], first)
        while index < operators.count {
            plans.append(choices[operators.count - 1 - index].plan)
            index = plans[plans.count - 1].operators.upperBound
        }
        return plans
    }

    // MARK: - What there may be

    /// Groups that begin with an operator, by rows.
    private func rowGroups(from first: Int) -> [GroupPlan] {
        var found: [GroupPlan] = []
        for own in 0...GroupPlanner.mostOwn {
            let begin = first + own
            var end = begin
            while end < min(operators.count, first + GroupPlanner.mostOperators), follows(end, first..<begin, begin..<end) {
                end += 1
                guard end - first > 1, isClosed(first..<end), let layout = layout(first..<end, own: own) else { continue }
                found.append(.rows(layout))
            }
            guard begin < operators.count, isVector(begin) else { break }
        }
        return found
    }

    /// Groups that begin with an operator, by channels.
    private func channelGroups(from first: Int) -> [GroupPlan] {
        guard costs.parts > 1, ChannelGroup.takes(operators[first], isFirst: true) else { return [] }
        var (found, end): ([GroupPlan], Int) = ([], first + 1)
        while end < operators.count, ChannelGroup.takes(operators[end], isFirst: false),
            operators[end].inputs[0] == operators[end - 1].output
        {
            end += 1
            if let group = ChannelGroup(first..<end, of: operators) { found.append(.channels(group)) }
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

    private func layout(_ group: Range<Int>, own: Int) -> RowGroupLayout? {
        let chainOperators = operators[(group.lowerBound + own)..<group.upperBound]
        guard let chain = RowChain(chainOperators, tensors) else { return nil }
        var rows = chain.bandRows(most: (chain.rows + costs.parts - 1) / costs.parts, budget: costs.bandBytes)
        if case .rows(let forced) = rule { rows = forced }
        let result = RowGroup(operators: group, own: own, bandRows: min(rows, chain.rows))
        return RowGroupLayout(result, chain, operators: operators, tensors: tensors, parts: costs.parts)
    }

    // MARK: - What it costs

    private func cost(_ plan: GroupPlan) -> Double {
        switch rule {
        case .cheapest, .none: break
        case .rows: return forcedCost(plan, rows: 10, channels: 11)
        case .channels: return forcedCost(plan, rows: 11, channels: 10)
        }
        switch plan {
        case .shared(let index):
            return work(index) / Double(costs.parts) + costs.calls(1) + costs.traffic(mapBytes(plan)) + costs.waiting
        case .rows(let layout): return cost(layout) + costs.traffic(mapBytes(plan)) + costs.waiting
        case .channels(let group):
            let share = Double(group.largestShare(of: costs.parts)) / Double(group.channels)
            let work = group.operators.reduce(0.0) { $0 + self.work($1) } * share
            return work + costs.calls(group.operators.count) + costs.traffic(mapBytes(plan)) + costs.waiting
        }
    }

    /// As few operators as there may be that all threads share.
    private func forcedCost(_ plan: GroupPlan, rows: Double, channels: Double) -> Double {
        switch plan {
        case .shared: 100
        case .rows: rows
        case .channels: channels
        }
    }

    private func work(_ index: Int) -> Double { costs.work(operators[index]) }

    /// Bytes of all maps that are read or written as a whole.
    private func mapBytes(_ plan: GroupPlan) -> WideCount {
        var bytes = WideCount(0)
        for index in plan.operators {
            if !plan.hidden.contains(index) { bytes = bytes + tensors[operators[index].output].byteCount }
            for input in operators[index].inputs where !plan.hidden.contains(where: { operators[$0].output == input }) {
                bytes = bytes + tensors[input].byteCount
            }
        }
        return bytes
    }

    /// By rows, but for maps and waiting.
    private func cost(_ layout: RowGroupLayout) -> Double {
        let (group, chain) = (layout.group, layout.chain)
        // The first part, one in the middle and the last one stand for all.
        let most = (chain.rows + costs.parts - 1) / costs.parts
        var largest = 0.0
        for part in [0, costs.parts / 2, costs.parts - 1] {
            let windows = chain.outputRows(under: positionShare(chain.rows, part, costs.parts))
            var work = 0.0
            for (place, index) in group.chain.enumerated() {
                work += self.work(index) * Double(windows[place].count) / Double(chain.shapes[place].out_h)
            }
            largest = max(largest, work)
        }
        let bands = (most + group.bandRows - 1) / group.bandRows
        return group.vectors.reduce(largest) { $0 + work($1) } + costs.calls(group.own + bands * chain.shapes.count)
    }
}
