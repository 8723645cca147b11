/// Which files of a folder belong to an inference model.
struct PaddleFolder {
    private let folder: String
    private let stem: String
    private let names: [String]

    init(_ file: SourceFile) {
        folder = file.folder
        stem = Self.stem(String(file.path.dropFirst(folder.count)))
        names = file.neighbors.names(in: file.folder)
    }

    /// The path of the parameters: the file of the model's name, else the only one.
    var parameters: String? { beside(["pdiparams"], older: "__params__").map { folder + $0 } }

    /// The path of what says how pictures are prepared: `inference.yml`, or a file of the model's name.
    var deployment: String? { beside(["yml", "yaml"], older: "inference.yml").map { folder + $0 } }

    private func beside(_ suffixes: [String], older: String) -> String? {
        let candidates = names.filter { name in suffixes.contains { name.hasSuffix("." + $0) } }
        if let same = candidates.first(where: { Self.stem($0) == stem }) { return same }
        if names.contains(older) { return older }
        return candidates.count == 1 ? candidates[0] : nil
    }

    /// The program among a folder's names: the only one, `inference.json` before `inference.pdmodel`, as Paddle takes it itself. JSON
    /// files without parameters of their name are none.
    static func model(among names: [String]) -> String? {
        let parameters = Set(names.filter { $0.hasSuffix(".pdiparams") }.map(stem))
        let programs = names.filter { $0.hasSuffix(".json") && parameters.contains(stem($0)) }
        let older = names.filter { $0.hasSuffix(".pdmodel") }
        let stems = Set((programs + older).map(stem))
        if stems.count == 1 { return programs.first ?? older.first }
        return ["inference.json", "inference.pdmodel", "__model__"].first { names.contains($0) }
    }

    private static func stem(_ name: String) -> String {
        name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    }
}
