/// The text of an element of SASL: base64, or a single `=` for data of no length (RFC 6120 section 6.4.2).
public enum SASLData: Sendable, Equatable {
    /// There is no text.
    case absent
    /// What the text stands for. `hasBlanks`: blanks or line breaks stood in it, which a receiver has to refuse (RFC 6120
    /// section 13.9.1); only where it was read leniently.
    case bytes([UInt8], hasBlanks: Bool)
    /// It is not base64.
    case malformed

    /// - Parameter text: the text of the element; nil if the element is not there.
    public init(_ text: String?, _ reading: SASLReading) {
        let written = Array((text ?? "").utf8)
        let content = reading == .lenient ? written.filter { !$0.isBlank } : written
        if content.isEmpty {
            self = .absent
        } else if content == [UInt8(ascii: "=")] {
            self = .bytes([], hasBlanks: content.count < written.count)
        } else if let bytes = Base64.decode(content, .strict) {
            self = .bytes(bytes, hasBlanks: content.count < written.count)
        } else {
            self = .malformed
        }
    }

    /// The data; nil if there is none, or none that can be read.
    public var bytes: [UInt8]? {
        if case .bytes(let bytes, _) = self { bytes } else { nil }
    }

    /// True if not a single byte is carried, whether that is said by `=` or by silence.
    public var isEmpty: Bool {
        switch self {
        case .absent: true
        case .bytes(let bytes, _): bytes.isEmpty
        case .malformed: false
        }
    }

    /// Data as it is written into an element where no text would mean no data.
    public static func text(_ bytes: [UInt8]) -> String { bytes.isEmpty ? "=" : Base64.encode(bytes) }
}
