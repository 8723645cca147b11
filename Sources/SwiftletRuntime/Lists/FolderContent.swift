internal import CPlatform

/// What one folder holds, in the system's order.
final class FolderContent {
    struct Entry {
        /// Repaired where it is not UTF-8.
        let name: String
        let isUTF8: Bool
        /// Links to folders are none.
        let isFolder: Bool
    }

    private(set) var entries: [Entry] = []
    /// Why it could not be listed, or not to its end; nil: it could.
    private(set) var failure: String?

    init(_ path: String) {
        let error = sp_list_folder(
            path,
            { context, name, isFolder in
                Unmanaged<FolderContent>.fromOpaque(context!).takeUnretainedValue().add(name!, isFolder)
            }, Unmanaged.passUnretained(self).toOpaque())
        if error != 0 { failure = String(cString: sp_error_text(error)) }
    }

    private func add(_ name: UnsafePointer<CChar>, _ isFolder: Bool) {
        var count = 0
        while name[count] != 0 { count += 1 }
        entries.append(Entry(name: String(cString: name), isUTF8: sp_is_utf8(name, count), isFolder: isFolder))
    }
}
