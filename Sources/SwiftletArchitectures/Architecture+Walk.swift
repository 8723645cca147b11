extension Architecture {
    /// Describes the network to `visitor`, from the picture to the logits.
    /// - Parameter input: what stands for the picture, `inputSize` x `inputSize` x 3.
    /// - Returns: what stands for the logits.
    package func walk<Visitor: ArchitectureVisitor>(_ visitor: inout Visitor, input: Visitor.Map) -> Visitor.Map {
        var size = inputSize
        var x = visitor.convolution(
            layer(.stem, from: 3, to: stem, kernel: 3, stride: 2, activation: stemActivation, size: &size), input, residual: nil)
        for (index, block) in blocks.enumerated() {
            x = walk(block, index: index, size: &size, visitor: &visitor, input: x)
        }
        x = visitor.convolution(
            layer(.last, from: blocks.last?.outputs ?? stem, to: lastWidth, activation: stemActivation, size: &size), x, residual: nil)
        x = visitor.globalPool(x, name: "pool", channels: lastWidth, size: size)

        var features = lastWidth
        if let penultimateWidth {
            var layer = ArchitectureLayer(role: .penultimate, inputs: features, outputs: penultimateWidth)
            layer.activation = stemActivation
            layer.hasBias = family.penultimateHasBias
            x = visitor.convolution(layer, x, residual: nil)
            features = penultimateWidth
        }
        var classifier = ArchitectureLayer(role: .classifier, inputs: features, outputs: classes)
        classifier.hasBias = true
        classifier.inputScale = family.classifierInputScale
        return visitor.convolution(classifier, x, residual: nil)
    }

    private func walk<Visitor: ArchitectureVisitor>(
        _ block: Block, index: Int, size: inout Int, visitor: inout Visitor, input: Visitor.Map
    ) -> Visitor.Map {
        var x = input
        if block.hasExpansion {
            let expansion = layer(
                .expansion(block: index), from: block.inputs, to: block.expansion, activation: block.activation, size: &size)
            x = visitor.convolution(expansion, x, residual: nil)
        }
        let depthwise = layer(
            .depthwise(block: index), from: block.expansion, to: block.expansion, kernel: block.kernel, stride: block.stride,
            groups: block.expansion, activation: block.activation, size: &size)
        x = visitor.convolution(depthwise, x, residual: nil)
        if let squeezed = block.squeezed {
            x = squeezeExcite(block, squeezed: squeezed, index: index, size: size, visitor: &visitor, input: x)
        }
        let projection = layer(.projection(block: index), from: block.expansion, to: block.outputs, activation: .linear, size: &size)
        return visitor.convolution(projection, x, residual: block.hasShortcut ? input : nil)
    }

    private func squeezeExcite<Visitor: ArchitectureVisitor>(
        _ block: Block, squeezed: Int, index: Int, size: Int, visitor: inout Visitor, input: Visitor.Map
    ) -> Visitor.Map {
        var squeeze = ArchitectureLayer(role: .squeeze(block: index), inputs: block.expansion, outputs: squeezed)
        squeeze.activation = .relu
        squeeze.hasBias = true
        var excite = ArchitectureLayer(role: .excite(block: index), inputs: squeezed, outputs: block.expansion)
        excite.activation = family.gate
        excite.hasBias = true
        var gate = visitor.globalPool(input, name: "blocks.\(index).pool", channels: block.expansion, size: size)
        gate = visitor.convolution(squeeze, gate, residual: nil)
        gate = visitor.convolution(excite, gate, residual: nil)
        return visitor.multiply(input, gate: gate, name: "blocks.\(index).scale", channels: block.expansion, size: size)
    }

    /// A convolution of maps: with batch normalization, without bias. `size` becomes the output's.
    private func layer(
        _ role: LayerRole, from inputs: Int, to outputs: Int, kernel: Int = 1, stride: Int = 1, groups: Int = 1,
        activation: LayerActivation,
        size: inout Int
    ) -> ArchitectureLayer {
        let (before, after) = padding(size: size, kernel: kernel, stride: stride)
        var layer = ArchitectureLayer(role: role, inputs: inputs, outputs: outputs)
        layer.kernel = kernel
        layer.stride = stride
        layer.padTop = before
        layer.padLeft = before
        layer.padBottom = after
        layer.padRight = after
        layer.groups = groups
        layer.activation = activation
        layer.hasBatchNorm = true
        layer.inputSize = size
        size = (size + before + after - kernel) / stride + 1
        layer.outputSize = size
        return layer
    }
}
