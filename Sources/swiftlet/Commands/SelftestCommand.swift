import CKernels
import CKernelsSelftest
import SwiftletRuntime

let selftestCommand = Command(
    name: "selftest", operands: "", summary: "compare every kernel of this machine with its reference, bit for bit",
    options: [
        Option(name: "isa", value: "NAME", help: "only kernels that NAME allows (default: all this processor can run)"),
        Option(name: "seed", value: "N", help: "of the random shapes and values (default 1)"),
        Option(name: "rounds", value: "N", help: "random shapes a kernel (default 40)"),
    ],
    examples: ["", "--isa avx2 --rounds 200"],
    run: selftest)

/// The kernels that have been reported so far. A callback out of C cannot throw, so what stops it waits here.
private struct Progress {
    var count = 0
    var error: ToolError?

    mutating func tell(_ line: String) {
        count += 1
        guard error == nil else { return }
        do { try Console.write(line) } catch { self.error = error }
    }
}

private func selftest(_ arguments: Arguments) throws(ToolError) {
    try arguments.noOperands()
    let seed = try arguments.number("seed", in: 0...1_000_000_000) ?? 1
    let rounds = try arguments.number("rounds", in: 1...1_000_000) ?? 40
    let isa: sk_isa
    if let name = arguments.text("isa") {
        isa = try InstructionSet.option(name, source: "--isa").isa
    } else {
        isa = try InstructionSet.ofEnvironment().isa
    }
    var progress = Progress()
    let failures = withUnsafeMutablePointer(to: &progress) { progress in
        sk_selftest(
            isa, UInt64(seed), Int32(rounds),
            { context, kernel, passed, message in
                let text = message.map { String(cString: $0) } ?? ""
                context!.assumingMemoryBound(to: Progress.self).pointee.tell(
                    "\(passed ? "ok    " : "FAILED") \(padded(String(cString: kernel!), 40)) \(text)\n")
            }, progress)
    }
    if let error = progress.error { throw error }
    let count = progress.count
    let verdict = "\(count) kernels, \(failures) failed (\(InstructionSet.name(isa)), seed \(seed), \(rounds) rounds)"
    guard failures == 0 else { throw .failed(verdict) }
    try Console.write(verdict + "\n")
}
