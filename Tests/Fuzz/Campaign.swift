import CFuzz
import CPlatform
import SwiftletRuntime
import TestSupport

/// Many damaged inputs, each made from the seed and its number alone.
final class Campaign {
    enum Format: Int {
        case model, jpeg, ppm, npy, png
        static let names = ["model", "JPEG", "PPM", "NPY", "PNG"]
    }

    /// Places in the shared counters: those of a format are its number times `stride` and these.
    private enum Count {
        static let refused = 0, ran = 1, tooLarge = 2, wrong = 3, leaking = 4, mostBytes = 5
        static let stride = 6
    }

    private let command: String
    private let depth: Depth
    private let readsAll: Bool
    private let seed: UInt64
    private let corpus = Corpus()
    private let counters = cf_counters()!

    /// - Parameter command: readers, load or run.
    init?(_ command: String, seed: UInt64) {
        guard let index = ["readers", "load", "run"].firstIndex(where: { areEqual($0, command) }) else { return nil }
        self.command = command
        self.seed = seed
        depth = Depth(rawValue: index)!
        readsAll = index == 0
    }

    /// Tries the inputs [first, first + count); prints what came of them. Whether all passed.
    func run(first: UInt64, count: UInt64, mostFailures: UInt64) -> Bool {
        let sound = triesSoundFiles()
        let began = sp_nanoseconds()
        let fatal = cf_campaign(
            first, count, 20_000, 60, mostFailures,
            { Unmanaged<Campaign>.fromOpaque($0!).takeUnretainedValue().attempt($1) },
            { Unmanaged<Campaign>.fromOpaque($0!).takeUnretainedValue().blame($1, String(cString: $2!)) },
            Unmanaged.passUnretained(self).toOpaque())
        let seconds = max(Int((sp_nanoseconds() - began) / 1_000_000_000), 1)
        var (passed, wrong): (UInt64, UInt64) = (0, 0)
        for format in 0..<Campaign.Format.names.count {
            passed += report(format)
            wrong += counters[format * Count.stride + Count.wrong]
        }
        let failed = fatal + wrong + (sound ? 0 : 1)
        Console.say("\(command): \(Int((passed + failed)) / seconds) inputs a second\(cf_guards() ? ", guarded allocations" : "")")
        Console.say("\(passed) passed, \(failed) failed")
        return failed == 0
    }

    private func report(_ format: Int) -> UInt64 {
        func count(_ what: Int) -> UInt64 { counters[format * Count.stride + what] }
        let passed = count(Count.refused) + count(Count.ran) + count(Count.tooLarge)
        guard passed > 0 else { return 0 }
        var line =
            "\(Campaign.Format.names[format]): \(count(Count.refused)) refused, \(count(Count.ran)) ran, \(count(Count.tooLarge)) too large"
        if cf_guards() {
            line += "; \(count(Count.leaking)) left memory behind, at most \(count(Count.mostBytes) >> 10) KiB while refusing"
        }
        Console.say(line)
        return passed
    }

    /// Whether the undamaged files are read.
    private func triesSoundFiles() -> Bool {
        var random = Random(seed: seed, index: 0)
        var isSound = true
        func check(_ files: [[UInt8]], _ format: Format) {
            for (index, file) in files.enumerated() {
                if case .refused(let message) = outcome(file, format, &random) {
                    Console.complain("fuzz: undamaged \(Format.names[format.rawValue]) \(index) is refused: \(message)")
                    isSound = false
                }
            }
        }
        check(corpus.models, .model)
        guard readsAll else { return isSound }
        check(corpus.pictures, .jpeg)
        check(corpus.portablePictures, .ppm)
        check(corpus.arrays, .npy)
        check(corpus.networkGraphics, .png)
        return isSound
    }

    // MARK: - One input

    private func attempt(_ index: UInt64) {
        let before = cf_live_bytes()
        let format = tryInput(index)
        if cf_live_bytes() > before { counters[format.rawValue * Count.stride + Count.leaking] += 1 }
    }

    private func tryInput(_ index: UInt64) -> Format {
        var random = Random(seed: seed, index: index)
        let (file, format) = input(&random)
        let base = format.rawValue * Count.stride
        let before = cf_live_bytes()
        _ = cf_peak_bytes()
        switch outcome(file, format, &random) {
        case .ran: counters[base + Count.ran] += 1
        case .tooLarge: counters[base + Count.tooLarge] += 1
        case .refused(let message):
            counters[base + Count.mostBytes] = max(counters[base + Count.mostBytes], UInt64(cf_peak_bytes() - before))
            let length = singleLine(message).utf8.count
            guard length > 0 && length <= 1_100 else {
                counters[base + Count.wrong] += 1
                blame(index, "refused without a message of a line")
                break
            }
            counters[base + Count.refused] += 1
        }
        return format
    }

    private func outcome(_ file: [UInt8], _ format: Format, _ random: inout Random) -> Outcome {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: file.count, alignment: 64)
        bytes.copyBytes(from: file)
        let raw = UnsafeRawBufferPointer(bytes)
        defer { bytes.deallocate() }
        switch format {
        case .model: return Target.model(raw, depth, &random)
        case .jpeg, .ppm, .png: return Target.picture(raw, &random)
        case .npy: return Target.array(raw)
        }
    }

    private func input(_ random: inout Random) -> ([UInt8], Format) {
        let choice = readsAll ? random.below(9) : 0
        switch choice {
        case 4, 5: return (Mutator.damaged(random.pick(corpus.pictures), with: random.pick(corpus.pictures), &random), .jpeg)
        case 6: return (Mutator.damaged(random.pick(corpus.portablePictures), with: random.pick(corpus.pictures), &random), .ppm)
        case 7: return (Mutator.damaged(random.pick(corpus.arrays), with: random.pick(corpus.arrays), &random), .npy)
        case 8:
            let damaged = Mutator.damaged(random.pick(corpus.networkGraphics), with: random.pick(corpus.networkGraphics), &random)
            // A wrong checksum is found before anything else is: most are made right.
            return (random.oneIn(4) ? damaged : SmallPNG.withRightChecksums(damaged), .png)
        default: return (damagedModel(&random), .model)
        }
    }

    /// Bytes of a sound file, fields of a random one, or a random one as it is.
    private func damagedModel(_ random: inout Random) -> [UInt8] {
        switch random.below(4) {
        case 0, 1: return ModelMutator.damaged(random.pick(corpus.models), with: random.pick(corpus.models), &random)
        case 2: return FieldMutator.damaged(RandomCase.make(&random).model(), &random).finish()
        default: return RandomCase.make(&random).model().finish()
        }
    }

    private func blame(_ index: UInt64, _ how: String) {
        Console.complain("fuzz: FAILED \(how): fuzz \(command) 1 \(seed) --first \(index)")
    }

    /// The bytes of one input, for a debugger or a report.
    func write(_ index: UInt64, to path: String) -> Bool {
        var random = Random(seed: seed, index: index)
        let (file, _) = input(&random)
        return file.withUnsafeBufferPointer { sp_write_file(path, $0.baseAddress, $0.count) } == 0
    }
}
