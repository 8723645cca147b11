import Testing

@testable import SwiftletImport

struct SafetensorsTests {
    /// A file with this header and as many bytes of tensors, 0, 1, 2 …
    static func file(_ header: String, _ count: Int) -> [UInt8] {
        let size = UInt64(header.utf8.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: size >> UInt64(8 * $0)) } + Array(header.utf8) + (0..<count).map { UInt8($0) }
    }

    private func error(_ header: String, _ count: Int) -> String {
        do {
            _ = try SafetensorsImporter.tensors(in: Self.file(header, count))
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test func valuesOfEachType() throws {
        let header = #"""
            {"__metadata__":{"format":"pt"},"a.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},
            "b":{"dtype":"I8","shape":[3],"data_offsets":[8,11]},"c":{"dtype":"BF16","shape":[],"data_offsets":[11,13]},
            "d":{"dtype":"F16","shape":[0],"data_offsets":[13,13]}}
            """#
        let tensors = try SafetensorsImporter.tensors(in: Self.file(header, 13))
        let values = [Float(bitPattern: 0x0302_0100), Float(bitPattern: 0x0706_0504)]
        #expect(tensors["a.weight"] == WeightTensor(shape: [1, 2], values: values))
        #expect(tensors["b"] == WeightTensor(shape: [3], values: [8, 9, 10]))
        #expect(tensors["c"] == WeightTensor(shape: [], values: [Float(bitPattern: 0x0C0B_0000)]))
        #expect(tensors["d"] == WeightTensor(shape: [0], values: []))
    }

    @Test(arguments: [
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, "does not fill"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,12]}}"#, "outside"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, "outside"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, "outside"),
        (#"{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807],"data_offsets":[0,8]}}"#, "does not fill"),
        (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, "does not fill"),
        (#"{"a":{"dtype":"I8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"I8","shape":[8],"data_offsets":[0,8]}}"#, "over another"),
        (#"{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}"#, "F8_E4M3"),
        (#"{"a":1}"#, "JSON"), (#"{"a""#, "JSON"),
    ])
    func damage(_ header: String, _ word: String) {
        #expect(error(header, 8).contains(word), "\(error(header, 8))")
    }

    @Test func truncatedAnywhere() {
        let whole = Self.file(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 8)
        for count in 0..<whole.count {
            #expect(throws: CheckpointError.self) { try SafetensorsImporter.tensors(in: Array(whole.prefix(count))) }
        }
    }
}
