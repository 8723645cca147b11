import SwiftletRuntime

/// Reads picture files: JPEG, or PPM and PGM.
enum Pictures {
    /// Puts a picture into `session`: decoded, resized and cropped as the model file says.
    /// - Parameter lenient: whether a damaged JPEG is decoded as far as it makes sense.
    static func load(_ path: String, into session: Session, lenient: Bool) throws(ToolError) {
        let input = session.model.inputTensor
        guard input.channels == 3 else {
            throw .badInput("\(session.model.name) takes \(input.channels) channels, not pictures: use swiftlet run")
        }
        let picture: Image
        do {
            picture = try session.model.preprocessing.apply(Image.decode(path: path, lenient: lenient))
        } catch {
            throw .badInput("\(path): \(error.message)")
        }
        guard picture.height == input.height, picture.width == input.width else {
            let wanted = "\(session.model.name) takes \(input.height)x\(input.width) and does not resize"
            throw .badInput("\(path): \(picture.height)x\(picture.width) pixels, but \(wanted)")
        }
        picture.withPixels { session.setInput(pixels: $0) }
    }
}
