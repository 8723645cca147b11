import Foundation
import SwiftletImport

/// Folders in the place of model files.
enum ModelFolder {
    /// The path itself; where it is a folder's, that of the model in it.
    /// - Throws: where the folder has none that can be told by its name.
    static func model(_ path: String) throws(ToolError) -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else { return path }
        let folder = path.hasSuffix("/") ? path : path + "/"
        guard let name = Importers.model(among: DiskFiles().names(in: folder)) else {
            throw .badInput("\(path): is a folder, and which of its files is the model cannot be told: name the file")
        }
        return folder + name
    }
}
