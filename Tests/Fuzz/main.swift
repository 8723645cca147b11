// Reads damaged model files and pictures in this process, to be built with AddressSanitizer: `make test-sanitized`. Every input must be refused with a
// message or run to its end. A crash, a hang or an access out of range ends the process with a failure.
import CPlatform
import SwiftletRuntime
import TestSupport

/// Loads and, where that succeeds, runs.
func survives(_ bytes: [UInt8]) -> Bool {
    do throws(ModelError) {
        let session = try Session(try Model(bytes: bytes))
        session.run()
        return true
    } catch {
        precondition(!error.message.isEmpty)
        return false
    }
}

let whole = SmallModel.bytes()
precondition(survives(whole), "the undamaged model does not run")
var (refused, ran) = (0, 0)
for count in 0..<whole.count {
    if survives(Array(whole[..<count])) { ran += 1 } else { refused += 1 }
}
print("model: \(refused) of \(whole.count) truncations refused")
precondition(ran == 0)

var random = SplitMix64(seed: 11)
(refused, ran) = (0, 0)
for _ in 0..<2000 {
    var changed = whole
    changed[Int.random(in: 0..<changed.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
    if survives(changed) { ran += 1 } else { refused += 1 }
}
print("model: of 2000 changed bytes \(refused) refused, \(ran) ran to the end")

/// Decodes and preprocesses.
func survives(picture: [UInt8]) -> Bool {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: picture.count, alignment: 1)  // memory of just this size
    defer { bytes.deallocate() }
    bytes.copyBytes(from: picture)
    do throws(InputError) {
        let image = try Image.decode(UnsafeRawBufferPointer(bytes))
        _ = try Preprocessing(resize: .exact(height: 20, width: 12), cropHeight: 0, cropWidth: 0).apply(image)
        return true
    } catch {
        precondition(!error.message.isEmpty)
        return false
    }
}

for jpeg in SmallJPEG.all {
    precondition(survives(picture: jpeg.bytes), "the undamaged \(jpeg.name) is not decoded")
    (refused, ran) = (0, 0)
    for count in 0..<jpeg.bytes.count where survives(picture: Array(jpeg.bytes[..<count])) { ran += 1 }
    precondition(ran == 0, "a truncated \(jpeg.name) was taken for a whole one")
    for _ in 0..<1000 {
        var changed = jpeg.bytes
        changed[Int.random(in: 0..<changed.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
        if survives(picture: changed) { ran += 1 } else { refused += 1 }
    }
    print("JPEG, \(jpeg.name): all \(jpeg.bytes.count) truncations refused; of 1000 changed bytes \(refused) refused, \(ran) decoded")
}
print("1 passed, 0 failed")
