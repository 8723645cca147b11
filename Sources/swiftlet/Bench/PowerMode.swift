import CPlatform

/// Binds the process to a kind of cores, where the system tells them apart by their highest frequency.
enum PowerMode {
    static func apply(_ name: String) throws(ToolError) {
        var processors = [Int32](repeating: 0, count: 1024)
        let count = Int(sp_cpus(&processors, 1024))
        let frequencies = processors[..<count].map { sp_cpu_max_frequency($0) }
        guard let highest = frequencies.max(), let lowest = frequencies.min() else { return }
        let wanted: [Int32]
        if areEqual(name, "all") {
            return
        } else if areEqual(name, "big") {
            wanted = zip(processors, frequencies).filter { $0.1 == highest }.map { $0.0 }
        } else if areEqual(name, "little") {
            wanted = zip(processors, frequencies).filter { $0.1 == lowest }.map { $0.0 }
        } else {
            throw .usage("--power-mode takes big, little or all, not '\(name)'")
        }
        if highest == lowest { Console.writeError("swiftlet: warning: all processors are alike here; --power-mode \(name) uses them all\n") }
        let error = sp_bind(wanted, Int32(wanted.count))
        guard error == 0 else { throw .failed("cannot bind to the \(name) processors: \(String(cString: sp_error_text(error)))") }
    }
}
