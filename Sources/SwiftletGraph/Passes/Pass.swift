/// One rewrite of a graph. It leaves the graph's results as they are, to single precision. To add one: a file in Passes with a static
/// value of this type, its place in `Pipeline.standard`, and tests of it on graphs built in code.
package struct Pass: Sendable {
    package let name: String
    /// Throws `GraphError`.
    package let run: @Sendable (inout Graph) throws(GraphError) -> Void

    package init(_ name: String, run: @escaping @Sendable (inout Graph) throws(GraphError) -> Void) {
        self.name = name
        self.run = run
    }
}

/// Passes in the order in which they run, ending in a network.
package struct Pipeline: Sendable {
    package var passes: [Pass]

    package init(_ passes: [Pass]) {
        self.passes = passes
    }

    package static let standard = Pipeline([
        .foldConstants,
        .removeIdentities,
        .dropBroadcasts,
        .stripHeads,
        .recognizeSelections,
        .eliminateTransposes,
        .resolveWindows,
        .resolveResamplings,
        .expandArithmetic,
        .canonicalizeArithmetic,
        .recognizeActivations,
        .convertToConvolutions,
        .recognizeInputScaling,
        .foldPadding,
        .removeReshapes,
        .foldAffines,
        .foldSelections,
        .absorbFlattening,
        .convertAffinesToDepthwise,
        .fuseEpilogues,
    ])

    /// - Throws: `GraphError`; what is unsupported is listed completely.
    package func run(_ graph: Graph) throws(GraphError) -> Network {
        var graph = graph
        for pass in passes {
            try pass.run(&graph)
            graph.removeDeadNodes()
        }
        return try NetworkConversion(graph).network()
    }
}

extension Graph {
    /// Rewrites this graph with the standard pipeline.
    /// - Throws: `GraphError`; what is unsupported is listed completely.
    package func network() throws(GraphError) -> Network {
        try Pipeline.standard.run(self)
    }
}
