import CPlatform
import CSignature
import SwiftletRuntime

let installCommand = Command(
    name: "install", operands: "NEW.slet", summary: "replace a model file, if the new one is right",
    options: [
        Option(name: "to", value: "CURRENT.slet", help: "the file to replace, kept as CURRENT.slet.previous"),
        Option(name: "key", value: "FILE", help: "the public key that NEW must be signed for"),
        Option(name: "probe", help: "compare this machine's outputs with those of the desk"),
        Option(name: "rollback", help: "exchange CURRENT.slet and CURRENT.slet.previous"), Command.allowLarge,
    ],
    notes: ["Interrupted at any moment, it leaves the old file or the new one."],
    examples: ["new.slet --to model.slet --key vendor.pub --probe", "--rollback --to model.slet"],
    run: install)

private func install(_ arguments: Arguments) throws(ToolError) {
    let target = try arguments.required("to", "CURRENT.slet")
    let isRollback = arguments.has("rollback")
    if isRollback { try arguments.noOperands() }
    let path = isRollback ? target + ".previous" : try arguments.onlyOperand("NEW.slet")
    let file = try FileContents.open(path)
    try file.withBytes { bytes throws(ToolError) in
        if let key = arguments.text("key") { try check(bytes, path, signedFor: key) }
        try tryOut(bytes, path, arguments)
        let error = isRollback ? sp_roll_back_file(target) : sp_install_file(target, bytes.baseAddress, bytes.count)
        guard error == 0 else { throw .failed("cannot replace \(target): \(String(cString: sp_error_text(error)))") }
    }
}

private func check(_ bytes: UnsafeRawBufferPointer, _ path: String, signedFor keyPath: String) throws(ToolError) {
    var key = [UInt8](repeating: 0, count: 32)
    guard try FileContents.open(keyPath).withBytes({ sg_read_key($0.baseAddress, $0.count, &key) }) else {
        throw .badInput("\(keyPath): not an Ed25519 public key in PEM")
    }
    let file = FileSignature(bytes)
    guard let signature = file.signature?.baseAddress,
        sg_verify(key, signature.assumingMemoryBound(to: UInt8.self), file.content.baseAddress, file.content.count)
    else { throw .badInput("\(path): not signed for this key, or damaged; quantize sign signs it") }
}

/// Reads the file as every command does, and where it is asked for runs its probe.
private func tryOut(_ bytes: UnsafeRawBufferPointer, _ path: String, _ arguments: Arguments) throws(ToolError) {
    let set = try InstructionSet.ofEnvironment()
    try ToolError.wrapping(path) { () throws(SwiftletError) in
        let model = try Model(bytes: bytes, instructionSet: set, allowsLarge: arguments.allowsLarge)
        guard arguments.has("probe") else { return }
        guard let probe = model.probe else { throw .badFile("it holds no probe; quantize probe adds one") }
        guard try model.probeDigest(inputs: probe.inputs, seed: probe.seed) == probe.digest else {
            throw .badFile("its probe gives other outputs here than where the file was made")
        }
    }
}
