import CKernels
import CKernelsSelftest
import CPlatform

let selftestCommand = Command(
    name: "selftest", operands: "", summary: "compare every kernel of this machine with its reference, bit for bit",
    options: [
        Option(name: "isa", value: "NAME", help: "only kernels that NAME allows (default: all this processor can run)"),
        Option(name: "seed", value: "N", help: "of the random shapes and values (default 1)"),
        Option(name: "rounds", value: "N", help: "random shapes a kernel (default 40)"),
    ],
    examples: ["", "--isa avx2 --rounds 200"],
    run: selftest)

private func selftest(_ arguments: Arguments) throws(ToolError) {
    try arguments.noOperands()
    let seed = try arguments.number("seed", in: 0...1_000_000_000) ?? 1
    let rounds = try arguments.number("rounds", in: 1...1_000_000) ?? 40
    let isa: sk_isa
    if let name = arguments.text("isa") {
        isa = try InstructionSet.named(name, source: "--isa")
    } else {
        isa = try InstructionSet.fromEnvironment()
    }
    var count = 0
    let failures = withUnsafeMutablePointer(to: &count) { count in
        sk_selftest(
            isa, UInt64(seed), Int32(rounds),
            { context, kernel, passed, message in
                context!.assumingMemoryBound(to: Int.self).pointee += 1
                let name = String(cString: kernel!)
                Console.write("\(passed ? "ok    " : "FAILED") \(padded(name, 40)) \(message.map { String(cString: $0) } ?? "")\n")
            }, count)
    }
    let verdict = "\(count) kernels, \(failures) failed (\(InstructionSet.name(isa)), seed \(seed), \(rounds) rounds)"
    guard failures == 0 else { throw .failed(verdict) }
    Console.write(verdict + "\n")
}
