import CPlatform

/// The machine's state at a time, or the worst of several.
struct BenchConditions {
    private var state = sp_conditions()

    static func now() -> BenchConditions {
        var conditions = BenchConditions()
        sp_read_conditions("", &conditions.state)
        return conditions
    }

    /// Mean of the processors, at the end of the work; nil where the system does not tell.
    var megahertz: Int? { state.mhz > 0 ? Int(state.mhz) : nil }
    var highestMegahertz: Int? { state.highest_mhz > 0 ? Int(state.highest_mhz) : nil }
    /// Degrees Celsius of the hottest zone.
    var temperature: Double? { state.temperature > 0 ? Double(state.temperature) / 1000 : nil }
    /// Mean number of running processes of the minute before.
    var load: Double { state.load }
    var isPerformance: Bool { state.is_performance }
    /// Below what the processors can do, by more than their clocks' usual steps.
    var isSlow: Bool { Double(state.mhz) < 0.95 * Double(state.highest_mhz) }

    /// The lowest clock and the highest temperature of both.
    func worst(_ other: BenchConditions) -> BenchConditions {
        guard state.ticks > 0 else { return other }
        var worst = other
        worst.state.mhz = min(state.mhz, other.state.mhz)
        worst.state.temperature = max(state.temperature, other.state.temperature)
        return worst
    }

    /// Of all processors' time, the part that a hypervisor gave to others, 0 to 1.
    func stolen(since begin: BenchConditions) -> Double {
        let ticks = state.ticks &- begin.state.ticks
        return ticks > 0 ? Double(state.stolen_ticks &- begin.state.stolen_ticks) / Double(ticks) : 0
    }

    /// Microjoules: the counter's, unless it has begun anew, else power times seconds.
    func energy(since begin: BenchConditions, seconds: Double) -> Double? {
        if begin.state.energy >= 0 { return state.energy >= begin.state.energy ? Double(state.energy - begin.state.energy) : nil }
        return state.power >= 0 ? Double(state.power) * seconds : nil
    }
}
