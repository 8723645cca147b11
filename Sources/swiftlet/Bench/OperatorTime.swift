import CKernels
import SwiftletRuntime

/// What a run's time goes into.
struct Profile {
    let operators: [OperatorTime]
    /// How often in a run all threads wait for one another.
    let handOvers: Int
    /// By thread, nanoseconds of a run that it waits.
    let waiting: [Double]

    static func measure(_ session: Session, runs: Int, _ peaks: CorePeaks) -> Profile {
        let before = session.waited
        let operators = OperatorTime.measure(session, runs: runs, peaks)
        let waiting = session.waited.indices.map { Double(session.waited[$0] - before[$0]) / Double(runs) }
        return Profile(operators: operators, handOvers: session.handOvers, waiting: waiting)
    }

    /// A line, where there are threads to wait for.
    var waitingText: String {
        guard waiting.count > 1 else { return "" }
        return "\(handOvers) hand-overs a run; waiting, ns a run and thread: " + joined(waiting.map { fixed($0, 0) }, ", ") + "\n"
    }
}

/// An operator's part of a run.
struct OperatorTime {
    let name: String
    let kind: String
    /// Operators of one stage run without all threads waiting for one another.
    let stage: Int
    let kernel: String
    /// Median of all runs on the calling thread. What it waits after operators that are carried through together is the last one's.
    let nanoseconds: Double
    /// Of the sum of all operators' medians, from 0 to 1.
    let share: Double
    /// Of the whole batch.
    let multiplyAccumulates: Int64
    /// Nanoseconds that nothing on these threads could do it in: its multiply-accumulates at the peak of the kernel's instruction set, or
    /// its operands and results copied once within the first-level cache, whichever takes longer.
    let floor: Double

    /// Billions of multiply-accumulates a second, all threads together.
    var gigaMACs: Double { nanoseconds > 0 ? Double(multiplyAccumulates) / nanoseconds : 0 }

    static func measure(_ session: Session, runs: Int, _ peaks: CorePeaks) -> [OperatorTime] {
        let operators = session.model.operators
        let times = (0..<runs).map { _ in
            let times = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: operators.count)
            times.initialize(repeating: 0)
            session.run(addingTimesTo: times)
            return times
        }
        defer { for run in times { run.deallocate() } }
        let medians = operators.indices.map { index in times.map { Double($0[index]) }.sorted()[runs / 2] }
        let total = max(1, medians.reduce(0, +))
        return operators.indices.map { index in
            OperatorTime(
                name: operators[index].name, kind: operators[index].kind.name, stage: session.stage(of: index) + 1,
                kernel: operators[index].kernelName, nanoseconds: medians[index], share: medians[index] / total,
                multiplyAccumulates: (WideCount(UInt64(operators[index].multiplyAccumulates)) * session.batch).clamped,
                floor: floor(operators[index], session, peaks))
        }
    }

    private static func floor(_ operation: ModelOperator, _ session: Session, _ peaks: CorePeaks) -> Double {
        let batch = Double(session.batch)
        var bytes = Double(operation.parameterBytes)
        for index in operation.inputs + [operation.output] {
            bytes += batch * Double(session.model.tensors[index].byteCount.value)
        }
        let copying = bytes / peaks.copiedBytes
        let peak = operation.kernelISA.flatMap { peaks.gigaMACs($0, isFloat: operation.kind.isFloat) }
        let multiplying = peak.map { batch * Double(operation.multiplyAccumulates) / $0 } ?? 0
        return max(copying, multiplying) / Double(session.threads)
    }

    static func table(_ times: [OperatorTime]) -> String {
        var table = Table([
            .text("operator"), .text("kind"), .text("kernel"), .number("stage"), .number("ns"), .number("share %"), .number("MACs"),
            .number("GMAC/s"), .number("floor ns"), .number("of floor %"),
        ])
        for time in times {
            table.add([
                time.name, time.kind, time.kernel, "\(time.stage)", fixed(time.nanoseconds, 0), fixed(time.share * 100, 1),
                "\(time.multiplyAccumulates)",
                time.multiplyAccumulates > 0 ? fixed(time.gigaMACs, 1) : "", fixed(time.floor, 0),
                time.nanoseconds > 0 ? fixed(100 * time.floor / time.nanoseconds, 0) : "",
            ])
        }
        return table.text
    }
}
