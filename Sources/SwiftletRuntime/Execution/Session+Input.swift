internal import CKernels

extension Session {
    /// Decodes a picture file and sets it as picture `index` of the batch.
    /// - Parameter lenient: whether a damaged JPEG is decoded as far as it makes sense.
    /// - Throws: an error that names the file.
    package func setInput(path: String, lenient: Bool = false, at index: Int = 0) throws(SwiftletError) {
        let image = try Image.decode(path: path, lenient: lenient)
        do {
            try setInput(image, at: index)
        } catch {
            throw error.about(path)
        }
    }

    /// Sets picture `index` of the batch from any picture: resized and cropped as the model says.
    package func setInput(_ image: Image, at index: Int = 0) throws(SwiftletError) {
        try model.requirePictures()
        let shape = model.inputShape
        let picture = try model.preprocessing.apply(image)
        guard picture.height == shape.height, picture.width == shape.width else {
            let (found, wanted) = (sides(picture.height, picture.width), sides(shape.height, shape.width))
            throw .badInput("\(found) pixels, but \(model.name) takes \(wanted) and does not resize")
        }
        try picture.withPixels { pixels throws(SwiftletError) in try setInput(pixels: pixels, at: index) }
    }

    /// Sets picture `index` of the batch from pixels as `Preprocessing.apply` gives them, [height][width][channels].
    package func setInput(pixels: UnsafeBufferPointer<UInt8>, at index: Int = 0) throws(SwiftletError) {
        try model.requirePictures()
        let target = try target(count: pixels.count, at: index)
        let channels = model.preprocessing.channels
        if model.inputTensor.type == .int8 {
            PixelTable.apply(
                pixelTable.assumingMemoryBound(to: UInt8.self), pixels, channels, to: target.assumingMemoryBound(to: UInt8.self))
        } else {
            PixelTable.apply(
                pixelTable.assumingMemoryBound(to: Float.self), pixels, channels, to: target.assumingMemoryBound(to: Float.self))
        }
    }

    /// Sets picture `index` of the batch from normalized values, [height][width][channels].
    package func setInput(values: UnsafeBufferPointer<Float>, at index: Int = 0) throws(SwiftletError) {
        let target = try target(count: values.count, at: index)
        guard let source = values.baseAddress else { return }
        if let conversion = model.quantizeInput {
            var shape = conversion.shape
            conversion.convert(&shape, from: source, to: target)
        } else {
            target.copyMemory(from: source, byteCount: values.count * MemoryLayout<Float>.size)
        }
    }

    /// Where picture `index` of the batch lies, for so many values.
    func target(count: Int, at index: Int) throws(SwiftletError) -> UnsafeMutableRawPointer {
        try SwiftletError.require(index, in: 0...(batch - 1), "the picture's number in the batch")
        let needed = model.inputShape.count
        try SwiftletError.require(count, in: needed...needed, "the number of a picture's values")
        return arena + plan.offset(of: model.input, picture: index)!
    }

    /// Fills `pixelTable` where the model takes pictures.
    func fillPixelTable() {
        guard model.takesPictures else { return }
        let channels = model.preprocessing.channels
        let count = 256 * channels
        var values = [Float](repeating: 0, count: count + Int(SK_SLACK))
        for pixel in 0..<256 {
            for channel in 0..<channels {
                values[pixel * channels + channel] = model.preprocessing.normalized(pixel: UInt8(pixel), channel: channel)
            }
        }
        values.withUnsafeBufferPointer { values in
            if let conversion = model.quantizeInput {
                var shape = conversion.shape
                (shape.in_h, shape.in_w, shape.out_h, shape.out_w) = (1, 256, 1, 256)
                conversion.convert(&shape, from: values.baseAddress!, to: pixelTable)
            } else {
                pixelTable.copyMemory(from: values.baseAddress!, byteCount: count * MemoryLayout<Float>.size)
            }
        }
    }
}

private func sides(_ height: Int, _ width: Int) -> String { "\(height)x\(width)" }

extension PackedKernel {
    /// Runs a conversion at the edge of a session.
    func convert(_ shape: inout sk_shape, from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer) {
        withUnsafePointer(to: &shape) { shape in
            var call = sk_call()
            (call.shape, call.packed, call.in, call.out) = (shape, UnsafeRawPointer(packed), source, target)
            kernel.pointee.run(&call, 0, 1)
        }
    }
}
