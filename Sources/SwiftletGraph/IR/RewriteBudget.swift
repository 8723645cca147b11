/// What reading one model may cost: how many elements rewrites may make in all, and how many steps they may take. Both grow with the
/// constants that the model holds, so that a real model never comes near them, and a small file cannot ask for much memory or time.
struct RewriteBudget: Sendable {
    /// Elements that any model may make: 16 MiB of integers, 4 MiB of floats.
    private static let freeElements = 1 << 20
    /// Elements per element that the model holds. A weight is made anew up to three times: transposed, scaled, and put in a convolution's
    /// order.
    private static let elementsPerElement = 4
    /// Steps, such as a multiplication of one weight, that any model may take: about a second.
    private static let freeSteps = 1 << 28
    private static let stepsPerElement = 64

    private var elements = Self.freeElements
    private var steps = Self.freeSteps

    /// Of a constant that came with the model. The sums cannot overflow: what they count is in memory.
    mutating func grant(_ count: Int) {
        elements += count * Self.elementsPerElement
        steps += count * Self.stepsPerElement
    }

    /// - Parameters:
    ///   - count: elements that `node` makes.
    ///   - steps: what is done besides making them.
    mutating func spend(_ count: Int, steps extraSteps: Int = 0, for node: Node) throws(GraphError) {
        guard count <= elements, count <= steps, extraSteps <= steps - count else {
            throw .invalid(node: node.name, reason: "computing its constants takes more memory or time than a model of this size needs")
        }
        elements -= count
        steps -= count + extraSteps
    }
}
