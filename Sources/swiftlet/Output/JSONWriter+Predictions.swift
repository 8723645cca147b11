import SwiftletRuntime

extension JSONWriter {
    /// What a picture shows, the best first.
    mutating func answers(_ name: String, _ predictions: [Prediction]) {
        key(name)
        array { json in
            for prediction in predictions {
                json.object { json in
                    json.field("class", prediction.index)
                    json.field("label", prediction.label)
                    json.field("probability", prediction.probability, digits: 6)
                }
            }
        }
    }
}
