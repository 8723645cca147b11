import CPlatform
import SwiftletRuntime

/// The processors that --cpus or --power-mode asks for. The process is bound to them before it starts threads.
enum Processors {
    static let options = [
        Option(name: "power-mode", value: "big|little|all", help: "which cores to use (default all)"),
        Option(name: "cpus", value: "4-7,2", help: "which processors to use, by number"),
    ]

    /// Does nothing where neither option is given.
    static func bind(_ arguments: Arguments) throws(ToolError) {
        let mode = arguments.text("power-mode")
        let list = arguments.text("cpus")
        guard mode != nil || list != nil else { return }
        let allowed = ProcessorSpeeds.allowedProcessors()
        let wanted: [Int32]
        if let list {
            guard mode == nil else { throw .usage("--cpus and --power-mode both choose processors; give one of them") }
            wanted = try named(list, among: allowed)
        } else {
            wanted = try ofMode(mode!, among: allowed)
        }
        let error = sp_bind(wanted, Int32(wanted.count))
        guard error == 0 else { throw .failed("cannot bind to processors \(text(wanted)): \(String(cString: sp_error_text(error)))") }
    }

    /// Little are the slowest of several kinds, big are all others: a core that is faster still belongs with the fast ones.
    private static func ofMode(_ mode: String, among allowed: [Int32]) throws(ToolError) -> [Int32] {
        let isBig = areEqual(mode, "big")
        guard isBig || areEqual(mode, "little") || areEqual(mode, "all") else {
            throw .usage("--power-mode takes big, little or all, not '\(mode)'")
        }
        if areEqual(mode, "all") { return allowed }
        let speeds = ProcessorSpeeds(of: allowed).values
        guard let slowest = speeds.min(), let fastest = speeds.max(), slowest < fastest else {
            Console.say("warning: all processors are alike here; --power-mode \(mode) uses them all")
            return allowed
        }
        return zip(allowed, speeds).filter { ($0.1 > slowest) == isBig }.map { $0.0 }
    }

    /// Numbers and ranges with commas between, such as `4-7,2`.
    private static func named(_ list: String, among allowed: [Int32]) throws(ToolError) -> [Int32] {
        var wanted: [Int32] = []
        for part in split(list, UInt8(ascii: ",")) {
            let ends = split(part, UInt8(ascii: "-")).map { wholeNumber($0) }
            guard ends.count <= 2, let first = ends[0], let last = ends[ends.count - 1], first <= last, last < 1 << 16 else {
                throw .usage("--cpus takes numbers and ranges such as 4-7,2, not '\(part)'; there are \(text(allowed))")
            }
            for number in first...last {
                guard allowed.contains(Int32(number)) else {
                    throw .usage("--cpus: there is no processor \(number) that this process may use; there are \(text(allowed))")
                }
                if !wanted.contains(Int32(number)) { wanted.append(Int32(number)) }
            }
        }
        return wanted
    }

    private static func text(_ processors: [Int32]) -> String {
        joined(processors.map { "\($0)" }, ",")
    }
}
