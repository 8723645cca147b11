// Damaged files for the runtime's readers, and models at the extremes of the format, on this machine or a board: `make fuzz`, `make
// test-extremes`. To be built with AddressSanitizer, or for a board, where each allocation ends at a guard page. In the Embedded Swift
// subset.
import CPlatform
import SwiftletRuntime

private let usage = """
    usage: fuzz readers|load|run COUNT SEED [--first INDEX] [--most FAILURES] [--write FILE]
           fuzz extremes [--isa NAME]
           fuzz isas
    """

private func number(_ text: String) -> UInt64? {
    var value: UInt64 = 0
    for digit in text.utf8 {
        guard (0x30...0x39).contains(digit), value < UInt64.max / 10 - 1 else { return nil }
        value = value * 10 + UInt64(digit - 0x30)
    }
    return text.utf8.isEmpty ? nil : value
}

private func option(_ name: String, _ words: [String]) -> String? {
    guard let place = words.firstIndex(where: { areEqual($0, name) }), place + 1 < words.count else { return nil }
    return words[place + 1]
}

private func fuzz() -> Int32 {
    let words = (1..<max(1, Int(sp_argument_count()))).map { String(cString: sp_argument(Int32($0))) }
    guard let command = words.first else { return fail() }
    if areEqual(command, "isas") { return Extremes.listInstructionSets() }
    if areEqual(command, "extremes") { return Extremes.run(isa: option("--isa", words)) }
    guard words.count >= 3, let count = number(words[1]), let seed = number(words[2]), let campaign = Campaign(command, seed: seed) else {
        return fail()
    }
    let first = option("--first", words).flatMap(number) ?? 0
    if let path = option("--write", words) { return campaign.write(first, to: path) ? 0 : 1 }
    return campaign.run(first: first, count: count, mostFailures: option("--most", words).flatMap(number) ?? 20) ? 0 : 1
}

private func fail() -> Int32 {
    Console.complain(usage)
    return 2
}

sp_exit(fuzz())
