internal import SwiftletRuntime

/// The arrays of one `swiftlet_run`, checked.
struct Tensors {
    private let input: UnsafePointer<Float>
    private let output: UnsafeMutablePointer<Float>
    private let pictures: Int
    /// Of one picture.
    private let values: Int
    /// Of one picture.
    private let classes: Int

    /// Values of all results.
    var outputCount: Int { pictures * classes }

    init(
        _ model: Model, _ input: UnsafePointer<Float>?, _ count: Int, _ output: UnsafeMutablePointer<Float>?, _ capacity: Int
    ) throws(SwiftletError) {
        self.input = try Arguments.pointer(input, "input")
        self.output = try Arguments.pointer(output, "output")
        (values, classes) = (model.inputShape.count, model.classCount)
        guard count > 0, count % values == 0 else {
            throw .badInput("count is \(UInt(bitPattern: count)), not a multiple of the \(values) values of a picture")
        }
        pictures = count / values
        let results = pictures.multipliedReportingOverflow(by: classes)
        guard !results.overflow, results.partialValue <= Int(Int32.max) else { throw .badInput("\(pictures) pictures in one call") }
        guard capacity < 0 || capacity >= results.partialValue else {
            throw .badInput("capacity is \(capacity), less than the \(results.partialValue) values of the result")
        }
    }

    /// One picture after the other.
    func run(_ handle: SessionHandle) throws(SwiftletError) {
        handle.resetTime()
        for picture in 0..<pictures {
            try handle.session.setInput(planes: UnsafeBufferPointer(start: input + picture * values, count: values))
            handle.run()
            let (logits, target) = (handle.session.logits(), output + picture * classes)
            if handle.owner.model.endsInSoftmax {
                let probabilities = Softmax(logits).probabilities
                for index in 0..<classes { target[index] = Float(probabilities[index]) }
            } else {
                target.update(from: logits.baseAddress!, count: classes)
            }
        }
    }
}
