import SwiftletRuntime

let classifier = try Classifier(path: "m.slet", threads: 2)
for guess in try classifier.classify(path: "cat.jpg", top: 5) { print(guess.label, guess.probability) }
