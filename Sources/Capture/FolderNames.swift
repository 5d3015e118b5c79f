import Glibc

/// The names of what lies in a folder, in no order; nil if it cannot be read, and `errno` says why. In one that is not UTF-8,
/// U+FFFD stands for what is none.
///
/// - Parameter limit: so many at most.
public func namesInFolder(_ path: String, limit: Int = .max) -> [String]? {
    guard let directory = opendir(path) else { return nil }
    defer { closedir(directory) }
    var names: [String] = []
    while names.count < limit, let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names
}
