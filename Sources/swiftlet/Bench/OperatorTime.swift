import SwiftletRuntime

/// An operator's part of a run.
struct OperatorTime {
    let name: String
    let kind: String
    let kernel: String
    /// Mean of a run, the barrier after the operator included.
    let nanoseconds: Double
    /// Of all operators' time, from 0 to 1.
    let share: Double
    /// Of the whole batch.
    let multiplyAccumulates: Int64

    /// Billions of multiply-accumulates a second, all threads together.
    var gigaMACs: Double { nanoseconds > 0 ? Double(multiplyAccumulates) / nanoseconds : 0 }

    static func measure(_ session: Session, runs: Int) -> [OperatorTime] {
        let operators = session.model.operators
        var sums = [UInt64](repeating: 0, count: operators.count)
        sums.withUnsafeMutableBufferPointer { sums in
            for _ in 0..<runs { session.run(addingTimesTo: sums) }
        }
        let total = Double(max(1, sums.reduce(0, +)))
        return operators.indices.map { index in
            OperatorTime(
                name: operators[index].name, kind: operators[index].kind.label, kernel: operators[index].kernelName,
                nanoseconds: Double(sums[index]) / Double(runs), share: Double(sums[index]) / total,
                multiplyAccumulates: operators[index].multiplyAccumulates * Int64(session.batch))
        }
    }

    static func table(_ times: [OperatorTime]) -> String {
        var table = Table([
            .text("operator"), .text("kind"), .text("kernel"), .number("ns"), .number("share %"), .number("MACs"), .number("GMAC/s"),
        ])
        for time in times {
            table.add([
                time.name, time.kind, time.kernel, fixed(time.nanoseconds, 0), fixed(time.share * 100, 1), "\(time.multiplyAccumulates)",
                time.multiplyAccumulates > 0 ? fixed(time.gigaMACs, 1) : "",
            ])
        }
        return table.text
    }
}
