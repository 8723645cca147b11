import CKernels
import SwiftletRuntime
import TestSupport

/// Runs every extreme case on this machine's kernels up to an instruction set, with one to four threads and one to three pictures, and
/// prints a line a case: two machines agree where the lines do.
enum Extremes {
    static func listInstructionSets() -> Int32 {
        for value in 0..<32 where sk_cpu_has(sk_isa(UInt32(value))) && sk_isa_name(sk_isa(UInt32(value))) != nil {
            let name = String(cString: sk_isa_name(sk_isa(UInt32(value))))
            var found = SK_SCALAR
            if sk_isa_named(name, &found), found.rawValue == UInt32(value) { Console.say(name) }
        }
        return 0
    }

    /// - Parameter isa: the best to use; nil: the best there is.
    static func run(isa name: String?) -> Int32 {
        var isa = sk_cpu_isa()
        if let name, !sk_isa_named(name, &isa) || !sk_cpu_has(isa) {
            Console.complain("fuzz: no instruction set \(name) here")
            return 2
        }
        var (passed, failed) = (0, 0)
        for one in ExtremeCases().all {
            let line = hashLine(one, isa)
            Console.say("\(line.text) \(one.name)")
            if line.isGood { passed += 1 } else { failed += 1 }
        }
        for one in RefusedCases.all {
            let isRefused = isRefused(one, isa)
            Console.say("\(isRefused ? "refused" : "ACCEPTED") \(one.name)")
            if isRefused { passed += 1 } else { failed += 1 }
        }
        Console.say("\(passed) passed, \(failed) failed")
        return failed == 0 ? 0 : 1
    }

    private static func isRefused(_ one: OperatorCase, _ isa: sk_isa) -> Bool {
        do throws(SwiftletError) {
            _ = try Model(bytes: one.model().finish(), instructionSet: InstructionSet(isa))
            return false
        } catch {
            return !error.message.utf8.isEmpty
        }
    }

    private static func hashLine(_ one: OperatorCase, _ isa: sk_isa) -> (text: String, isGood: Bool) {
        do throws(SwiftletError) {
            let model = try Model(bytes: one.model().finish(), instructionSet: InstructionSet(isa))
            let expected = try Reference(model, one)
            for threads in 1...4 {
                let batch = [1, 3, 2, 3][threads - 1]
                let session = try Session(model, threads: threads, batch: batch, allowsOversubscription: true)
                for picture in 0..<batch { try Pattern.pattern(picture + threads).set(session, one, at: picture) }
                session.run()
                for picture in 0..<batch
                where !areSame(values(session, at: picture), expected.values[Pattern.pattern(picture + threads).rawValue]) {
                    return ("DIFFERS with \(threads) threads, picture \(picture) of \(batch):", false)
                }
            }
            return (hexadecimal(expected.hash.value), true)
        } catch {
            return ("REFUSED (\(singleLine(error.message)))", false)
        }
    }

    /// A picture's values of all outputs, one after the other.
    private static func values(_ session: Session, at picture: Int) -> [Float] {
        var values: [Float] = []
        for output in session.model.outputs.indices { values += session.values(of: output, at: picture) }
        return values
    }

    private static func areSame(_ a: [Float], _ b: [Float]) -> Bool {
        a.count == b.count && a.indices.allSatisfy { a[$0].bitPattern == b[$0].bitPattern }
    }

    /// What one thread computes, picture by picture; the hash is that of every tensor.
    private struct Reference {
        var hash = Hash()
        var values: [[Float]] = []

        init(_ model: Model, _ one: OperatorCase) throws(SwiftletError) {
            let session = try Session(model, keepsTensors: true)
            for pattern in Pattern.all {
                try pattern.set(session, one, at: 0)
                session.run()
                values.append(Extremes.values(session, at: 0))
                for tensor in model.tensors.indices { hash.add(try session.tensor(tensor)) }
            }
        }
    }
}

/// FNV-1a, 64 bits, of single-precision values. The two zeros are one: padding may or may not be added.
struct Hash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ values: [Float]) {
        for value in values {
            let bits = value == 0 ? 0 : value.isNaN ? 0x7FC0_0000 : value.bitPattern
            self.value = (self.value ^ UInt64(bits)) &* 0x100_0000_01B3
        }
    }
}

/// What a picture is filled with.
enum Pattern: Int {
    case random, highest, lowest, alternating, notNumbers

    static let all: [Pattern] = [.random, .highest, .lowest, .alternating, .notNumbers]

    static func pattern(_ number: Int) -> Pattern { all[number % all.count] }

    func set(_ session: Session, _ one: OperatorCase, at picture: Int) throws(SwiftletError) {
        var random = Random(seed: one.seed, index: UInt64(rawValue))
        // Beyond the ends of an int8 grid; in single precision what sums stay finite with.
        let unit: Float = one.takesFloat ? 20 : one.inputScale * 600
        let values = (0..<(one.height * one.width * one.channels)).map { value($0, unit, one.takesFloat, &random) }
        try values.withUnsafeBufferPointer { values throws(SwiftletError) in try session.setInput(values: values, at: picture) }
    }

    private func value(_ index: Int, _ unit: Float, _ isFloat: Bool, _ random: inout Random) -> Float {
        switch self {
        case .random: return unit * Float(random.below(2049) - 1024) / (isFloat ? 1024 : 4096)
        case .highest: return unit
        case .lowest: return -unit
        case .alternating: return index % 2 == 0 ? unit : -unit
        case .notNumbers:
            if isFloat { return index % 3 == 0 ? 0 : 1 }  // single-precision networks give these no meaning
            return [Float.nan, .infinity, -.infinity, 0][random.below(4)]
        }
    }
}
