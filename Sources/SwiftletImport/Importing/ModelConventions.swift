import SwiftletRuntime

/// How pictures become a model's input, as far as files beside the model say it.
package struct PicturePreparation {
    /// In pixels, 0 to 255, in the order of the channels.
    package var mean: [Float]?
    package var std: [Float]?
    package var resize: Preprocessing.Resize?
    package var crop: (height: Int, width: Int)?
    package var interpolation: Preprocessing.Interpolation?
    package var channelOrder: Preprocessing.ChannelOrder?

    /// The size of what comes out; nil where the preparation does not say it.
    var size: (height: Int, width: Int)? {
        if let crop { return crop }
        if case .exact(let height, let width) = resize { return (height, width) }
        return nil
    }
}

/// What a model's own files say about the pictures that it takes and about its classes.
package struct ModelConventions {
    /// The file that says so; nil where it is what is usual for the format.
    package var source: String?
    package var preprocessing = PicturePreparation()
    /// Names of the classes in the order of their numbers; empty where there are none.
    package var labels: [String] = []
    /// What of the file has no counterpart here.
    package var notUnderstood: [String] = []
}
