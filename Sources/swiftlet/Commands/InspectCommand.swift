import SwiftletRuntime

let inspectCommand = Command(
    name: "inspect", operands: "MODEL.slet", summary: "say what a model file holds",
    options: [Option(name: "layers", help: "list the operators"), Command.allowLarge, Command.json],
    examples: ["model.slet", "model.slet --layers"],
    run: inspect)

private func inspect(_ arguments: Arguments) throws(ToolError) {
    let model = try ModelFile.load(try arguments.onlyOperand("MODEL.slet"), allowsLarge: arguments.allowsLarge)
    let withLayers = arguments.has("layers")
    try Console.write(arguments.has("json") ? json(model, withLayers) : text(model, withLayers))
}

private func shape(_ tensor: TensorDescription) -> String {
    "\(tensor.height)x\(tensor.width)x\(tensor.channels)"
}

private func text(_ model: Model, _ withLayers: Bool) -> String {
    let input = model.inputTensor
    var rows = [
        ("name", model.name), ("precision", precisionName(model)), ("file", "\(model.fileSize) bytes"),
        ("input", "\(shape(input)) \(input.type == .int8 ? "int8" : "float32")"),
    ]
    for output in model.outputs {
        let size = output.isVector ? "\(output.channels)" : shape(model.tensors[output.tensor])
        rows.append(("output", joined((model.outputs.count > 1 ? [output.name + ":"] : []) + [size, output.kind], " ")))
    }
    rows += [
        ("operators", "\(model.operators.count)"), ("multiply-accumulates", "\(model.multiplyAccumulates)"),
        ("operations", model.operations.text),
        ("parameters", "\(parameterBytes(model)) bytes"), ("kernels for", model.instructionSet.description),
        ("labels", "\(model.labels.count)"),
    ]
    rows += PreprocessingText.rows(model.preprocessing)
    rows += model.provenance.map { ($0.key, $0.value) }
    var text = ""
    for row in rows { text += padded(Table.cell(row.0), 22) + singleLine(row.1) + "\n" }
    guard withLayers else { return text }
    var table = Table([
        .text("operator"), .text("kind"), .text("activation"), .text("in"), .text("out"), .number("MACs"), .number("bytes"),
        .text("kernel"),
    ])
    for operation in model.operators {
        table.add([
            operation.name, operation.kind.name, operation.activation.name, shape(model.tensors[operation.inputs[0]]),
            shape(model.tensors[operation.output]), "\(operation.multiplyAccumulates)", "\(operation.parameterBytes)", operation.kernelName,
        ])
    }
    return text + "\n" + table.text
}

private func json(_ model: Model, _ withLayers: Bool) -> String {
    var json = JSONWriter()
    json.object { json in
        json.field("name", model.name)
        json.field("precision", precisionName(model))
        json.field("bytes", model.fileSize)
        let input = model.inputTensor
        json.field("input", [input.height, input.width, input.channels])
        json.field("classes", model.classCount)
        json.field("softmax", model.endsInSoftmax)
        json.key("outputs")
        json.array { json in
            for output in model.outputs { write(output, to: &json) }
        }
        json.field("macs", model.multiplyAccumulates)
        json.field("operations", model.operations.clamped)
        json.field("parameter_bytes", parameterBytes(model))
        json.field("isa", model.instructionSet.description)
        json.field("labels", model.labels.count)
        json.key("preprocessing")
        PreprocessingText.write(model.preprocessing, to: &json)
        json.key("provenance")
        json.object { json in
            for entry in model.provenance { json.field(entry.key, entry.value) }
        }
        json.field("operators", model.operators.count)
        guard withLayers else { return }
        json.key("layers")
        json.array { json in
            for operation in model.operators { write(operation, of: model, to: &json) }
        }
    }
    return json.text + "\n"
}

private func write(_ output: ModelOutput, to json: inout JSONWriter) {
    json.object { json in
        json.field("name", output.name)
        json.field("shape", [output.height, output.width, output.channels])
        json.field("head", output.head.name)
    }
}

private func write(_ operation: ModelOperator, of model: Model, to json: inout JSONWriter) {
    json.object { json in
        json.field("name", operation.name)
        json.field("kind", operation.kind.name)
        json.field("activation", operation.activation.name)
        json.key("inputs")
        json.array { json in
            for input in operation.inputs { json.value(model.tensors[input].name) }
        }
        let output = model.tensors[operation.output]
        json.field("output", output.name)
        json.field("shape", [output.height, output.width, output.channels])
        if operation.kind.hasWindow { writeWindow(operation, to: &json) }
        json.field("macs", operation.multiplyAccumulates)
        json.field("parameter_bytes", operation.parameterBytes)
        json.field("kernel", operation.kernelName)
    }
}

/// Writes the window of a convolution or pool; heights before widths, padding as ONNX has it: top, left, bottom, right.
private func writeWindow(_ operation: ModelOperator, to json: inout JSONWriter) {
    let shape = operation.shape
    func field(_ name: String, _ numbers: Int32...) { json.field(name, numbers.map { Int($0) }) }
    field("kernel_size", shape.kernel_h, shape.kernel_w)
    field("stride", shape.stride_h, shape.stride_w)
    field("dilation", shape.dilation_h, shape.dilation_w)
    field("padding", shape.pad_top, shape.pad_left, shape.pad_bottom, shape.pad_right)
    json.field("groups", shape.groups)
}

private func parameterBytes(_ model: Model) -> Int {
    model.operators.reduce(0) { $0 + $1.parameterBytes }
}
