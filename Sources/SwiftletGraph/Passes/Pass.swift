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

    /// Of a model that is int8 already, the network in floats that it implies.
    package static let standard = Pipeline([.recognizeExports, .dropRoundings] + rewrites)

    /// The network with the grids that the model came with: no rewrite works across one, so that values are rounded where the model does.
    package static func published(everywhere: Bool) -> Pipeline {
        Pipeline([.recognizeExports] + rewrites + [.attachGrids(everywhere: everywhere)])
    }

    private static let rewrites: [Pass] = [
        .foldConstants,
        .removeIdentities,
        .settleRoundings,
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
    ]

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

/// What becomes of the grids that a model came with.
package enum GridUse: Sendable {
    /// It computes in floats.
    case none
    /// Values are on them for those that read them there, and as they are for others.
    case exact
    /// A value is on its grid for all that read it.
    case everywhere
}

extension Graph {
    /// Rewrites this graph with the standard pipeline.
    /// - Parameter grids: what becomes of the grids that the model came with.
    /// - Throws: `GraphError`; what is unsupported is listed completely.
    package func network(_ grids: GridUse = .none) throws(GraphError) -> Network {
        switch grids {
        case .none: try Pipeline.standard.run(self)
        case .exact: try Pipeline.published(everywhere: false).run(self)
        case .everywhere: try Pipeline.published(everywhere: true).run(self)
        }
    }
}
