/// Preprocessing as a section of a model file; README.md beside this file has the layout.
extension Preprocessing {
    func encode(into writer: inout ByteWriter) {
        switch resize {
        case .none: writer.resize(kind: 0, 0, 0)
        case .shorterSide(let side): writer.resize(kind: 1, side, 0)
        case .exact(let height, let width): writer.resize(kind: 2, height, width)
        }
        writer.uint32(cropHeight)
        writer.uint32(cropWidth)
        writer.uint8(Int(interpolation.rawValue))
        writer.uint8(Int(channelOrder.rawValue))
        for values in [mean, std] {
            for index in 0..<3 { writer.float32(channelOrder == .gray ? values[0] : values[index]) }
        }
    }

    /// Nil when bytes are short or a field has no meaning; sizes are checked by `check(input:)`.
    init?(from reader: inout ByteReader) {
        guard let kind = reader.uint8(), let height = reader.uint32(), let width = reader.uint32(), let cropHeight = reader.uint32(),
            let cropWidth = reader.uint32(), let interpolation = reader.uint8().flatMap({ Interpolation(rawValue: UInt8($0)) }),
            let order = reader.uint8().flatMap({ ChannelOrder(rawValue: UInt8($0)) })
        else { return nil }
        var constants: [Float] = []
        for _ in 0..<6 {
            guard let value = reader.float32() else { return nil }
            constants.append(value)
        }
        let resize: Resize
        switch kind {
        case 0: resize = .none
        case 1: resize = .shorterSide(height)
        case 2: resize = .exact(height: height, width: width)
        default: return nil
        }
        var (mean, std) = (Array(constants[..<3]), Array(constants[3...]))
        if order == .gray {
            for values in [mean, std] where values[1] != values[0] || values[2] != values[0] { return nil }
            (mean, std) = ([mean[0]], [std[0]])
        }
        self.init(
            resize: resize, cropHeight: cropHeight, cropWidth: cropWidth, interpolation: interpolation, channelOrder: order, mean: mean,
            std: std)
    }

    /// That what it makes fits the model's input. A model whose input has other channels takes raw tensors only.
    func check(input: TensorDescription) throws(SwiftletError) {
        do throws(SwiftletError) {
            try validate()
        } catch {
            throw .badFile("preprocessing section: \(error.message)")
        }
        guard channelOrder != .gray || input.channels == 1 else {
            throw .badFile("preprocessing section: gives one channel, the model takes more")
        }
        guard input.channels == channels, let size = outputSize else { return }
        guard size.height == input.height, size.width == input.width else {
            throw .badFile(
                "preprocessing section: gives \(size.height)x\(size.width), the model takes \(input.height)x\(input.width) (height x width)"
            )
        }
    }
}

extension ByteWriter {
    fileprivate mutating func resize(kind: Int, _ height: Int, _ width: Int) {
        uint8(kind)
        uint32(height)
        uint32(width)
    }
}
