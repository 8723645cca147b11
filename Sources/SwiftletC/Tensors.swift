internal import SwiftletRuntime

/// The arrays of one `swiftlet_run`, checked.
struct Tensors {
    private let input: UnsafePointer<Float>
    private let output: UnsafeMutablePointer<Float>
    private let pictures: Int
    /// Of one picture.
    private let values: Int
    /// Values of one picture's result.
    private let results: Int

    /// Values of all results.
    var outputCount: Int { pictures * results }

    init(
        _ model: Model, _ input: UnsafePointer<Float>?, _ count: Int, _ output: UnsafeMutablePointer<Float>?, _ capacity: Int
    ) throws(SwiftletError) {
        self.input = try Arguments.pointer(input, "input")
        self.output = try Arguments.pointer(output, "output")
        values = model.inputShape.count
        results = model.outputs[model.classifyingOutput].sourceShape.reduce(1, *)
        guard count > 0, count % values == 0 else {
            throw .badInput("count is \(UInt(bitPattern: count)), not a multiple of the \(values) values of a picture")
        }
        pictures = count / values
        let all = pictures.multipliedReportingOverflow(by: results)
        guard !all.overflow, all.partialValue <= Int(Int32.max) else { throw .badInput("\(pictures) pictures in one call") }
        guard capacity < 0 || capacity >= all.partialValue else {
            throw .badInput("capacity is \(capacity), less than the \(all.partialValue) values of the result")
        }
    }

    /// One picture after the other.
    func run(_ handle: SessionHandle) throws(SwiftletError) {
        handle.resetTime()
        for picture in 0..<pictures {
            try handle.session.setInput(planes: UnsafeBufferPointer(start: input + picture * values, count: values))
            handle.run()
            let (index, target) = (handle.owner.model.classifyingOutput, output + picture * results)
            let answer = handle.owner.model.outputs[index]
            if answer.isVector, answer.head == .none {
                target.update(from: handle.session.values(of: index).baseAddress!, count: results)
            } else {
                for (place, value) in handle.session.sourceValues(of: index).enumerated() { target[place] = value }
            }
        }
    }
}
