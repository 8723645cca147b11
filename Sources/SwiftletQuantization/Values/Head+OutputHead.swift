import SwiftletGraph
import SwiftletRuntime

// The network's name and the file's for what a model does to its logits.

extension OutputHead {
    init(_ head: Head) {
        switch head {
        case .none: self = .none
        case .softmax: self = .softmax
        case .logSoftmax: self = .logSoftmax
        case .sigmoid: self = .sigmoid
        case .argMax: self = .argMax
        case .topK: self = .topK
        }
    }
}

extension Head {
    init(_ head: OutputHead) { self = Head.allCases.first { OutputHead($0) == head } ?? .none }
}
