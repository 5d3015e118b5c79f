/// A message of SCRAM taken apart: `r=…,s=…,i=…` (RFC 5802 section 5.1). The client's first one has a `GS2Header` before it.
public struct SCRAMMessage: Sendable, Equatable {
    /// One attribute.
    public struct Attribute: Sendable, Equatable {
        public let letter: Unicode.Scalar
        /// Where its value stands, counted in the whole that the message was cut from.
        public let value: Range<Int>
    }

    private let bytes: ArraySlice<UInt8>
    /// In the order in which they stand.
    public let attributes: [Attribute]

    /// Nil if a part is not a letter with an equals sign, or if a letter stands twice. Read leniently, what is
    /// none is passed over.
    public init?(_ bytes: ArraySlice<UInt8>, _ reading: SASLReading) {
        var attributes: [Attribute] = []
        for part in bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let letter = Unicode.Scalar(part.first ?? 0)
            guard ("a"..."z").contains(letter) || ("A"..."Z").contains(letter),
                part.dropFirst().first == UInt8(ascii: "=")
            else {
                if reading == .strict { return nil }
                continue
            }
            attributes.append(Attribute(letter: letter, value: (part.startIndex + 2)..<part.endIndex))
        }
        if reading == .strict, Set(attributes.map(\.letter)).count < attributes.count { return nil }
        self.bytes = bytes
        self.attributes = attributes
    }

    /// The letters of the attributes, in order.
    public var letters: [String] { attributes.map { String($0.letter) } }

    /// The first value of that letter.
    public subscript(letter: Unicode.Scalar) -> ArraySlice<UInt8>? {
        attributes.first { $0.letter == letter }.map { bytes[$0.value] }
    }

    public func text(_ letter: Unicode.Scalar) -> String? { self[letter].map { String(decoding: $0, as: UTF8.self) } }

    /// The value decoded from base64; nil if there is none, or it is not base64.
    public func data(_ letter: Unicode.Scalar) -> [UInt8]? { self[letter].flatMap { Base64.decode($0, .strict) } }

    /// Attributes that are not among `known`.
    public func others(than known: String) -> [String] { letters.filter { !known.contains($0) } }

    /// How often the password is to be hashed, `i=`; nil unless it is a number above 0.
    public var iterations: Int? { text("i").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } }

    /// What a client's proof is about of its final message: all before `,p=`. Nil if there is no proof.
    public var withoutProof: ArraySlice<UInt8>? {
        guard let proof = attributes.last, proof.letter == "p" else { return nil }
        return bytes[..<(proof.value.lowerBound - ",p=".utf8.count)]
    }
}

/// The errors that a server can report in its last message, `e=` (RFC 5802 section 7).
public enum SCRAMError: String, Sendable, CaseIterable {
    case invalidEncoding = "invalid-encoding"
    case extensionsNotSupported = "extensions-not-supported"
    case invalidProof = "invalid-proof"
    case bindingsDontMatch = "channel-bindings-dont-match"
    case serverDoesSupportBinding = "server-does-support-channel-binding"
    case bindingNotSupported = "channel-binding-not-supported"
    case unsupportedBindingType = "unsupported-channel-binding-type"
    case unknownUser = "unknown-user"
    case invalidUsernameEncoding = "invalid-username-encoding"
    case noResources = "no-resources"
    case otherError = "other-error"

    /// True if the error is about channel binding.
    public var isAboutBinding: Bool {
        switch self {
        case .bindingsDontMatch, .serverDoesSupportBinding, .bindingNotSupported, .unsupportedBindingType: true
        case .invalidEncoding, .extensionsNotSupported, .invalidProof, .unknownUser, .invalidUsernameEncoding,
            .noResources, .otherError:
            false
        }
    }
}

/// A mechanism of the SCRAM family by its name: `SCRAM-SHA-256-PLUS`.
public struct SCRAMMechanism: Sendable, Equatable {
    /// The name of the hash, such as `SHA-256`.
    public let hash: String
    /// True if it binds the login to the TLS connection.
    public let isPlus: Bool

    /// Nil for the name of another mechanism.
    public init?(_ name: String) {
        guard name.hasPrefix("SCRAM-") else { return nil }
        isPlus = name.hasSuffix(Self.plus)
        hash = String(name.dropFirst("SCRAM-".count).dropLast(isPlus ? Self.plus.count : 0))
    }

    /// The length of the hash, and so of proof and signature; nil if the hash is not known.
    public var hashBytes: Int? {
        ["SHA-1": 20, "SHA-224": 28, "SHA-256": 32, "SHA-384": 48, "SHA-512": 64, "SHA3-512": 64][hash]
    }

    private static let plus = "-PLUS"

    /// The name of a mechanism without channel binding.
    public static func unbound(_ name: String) -> String {
        name.hasSuffix(plus) ? String(name.dropLast(plus.count)) : name
    }
}
