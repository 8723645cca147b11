internal import CPlatform

/// The cap on kernels that the environment variable SWIFTLET_ISA, or an option, asks for.
extension InstructionSet {
    /// - Parameter source: what the name is the value of, for the error.
    /// - Throws: bad input where there is no such instruction set, or this processor lacks it.
    package static func named(_ name: String, source: String) throws(SwiftletError) -> InstructionSet {
        guard let set = InstructionSet(named: name) else {
            throw .badInput("\(source): there is no instruction set '\(name)'; this processor has \(availableNames)")
        }
        guard set.isAvailable else { throw .badInput("\(source): this processor lacks \(name); it has \(availableNames)") }
        return set
    }

    /// What SWIFTLET_ISA asks for, else the best there is.
    package static func fromEnvironment() throws(SwiftletError) -> InstructionSet {
        guard let value = sp_environment("SWIFTLET_ISA"), value.pointee != 0 else { return .best }
        return try named(String(cString: value), source: "SWIFTLET_ISA")
    }

    /// Those that this processor has, by name.
    package static var availableNames: String {
        var names = ""
        for set in available { names += (names.isEmpty ? "" : ", ") + set.description }
        return names
    }
}
