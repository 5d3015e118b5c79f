/// How much of a stream is taken apart. Beyond a limit a packet is still followed to its end, but not explained.
///
/// libxml2 has cliffs of its own, which these must come before: a start tag with very many attributes costs quadratic
/// time (64 KiB 15 ms, 1 MiB 5 s), and neither depth nor the dictionary of names is limited.
public struct Limits: Sendable, Equatable {
    /// Bytes of one tag, from `<` to `>`.
    public var tagBytes = 64 * 1024
    /// Bytes of one stanza or nonza; servers allow 64 KiB to 1 MiB, so this is generous.
    public var packetBytes = 2 * 1024 * 1024
    /// Elements inside each other, the stream's root counted.
    public var depth = 256
    /// Different names of elements, attributes and namespaces, after which the parser is made anew.
    public var distinctNames = 4096
    /// Bytes kept of a packet that is over a limit.
    public var keptBytes = 64 * 1024

    public init() {}
}

/// Which limit a packet went over.
public enum Limit: Sendable, Equatable {
    case tagBytes(Int)
    case packetBytes(Int)
    case depth(Int)
}

extension Limit: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tagBytes(let bytes): "one of its tags is longer than \(bytes) bytes"
        case .packetBytes(let bytes): "it is longer than \(bytes) bytes"
        case .depth(let depth): "its elements are nested deeper than \(depth) levels"
        }
    }
}
