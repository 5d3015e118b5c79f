import FoundationEssentials

/// The client's message of OAUTHBEARER: a GS2 header, then `key=value` pairs between bytes of value 1 (RFC 7628 section 3.1).
public struct OAuthBearerMessage: Sendable, Equatable {
    public struct Pair: Sendable, Equatable {
        public let key: String
        /// Where the value stands in the message.
        public let range: Range<Int>
    }

    public let header: GS2Header
    /// `auth`, `host`, `port` and whatever else is said.
    public let pairs: [Pair]
    private let message: [UInt8]

    private static let separator: UInt8 = 1

    /// Nil without a GS2 header; strictly, also if a part is no pair or the two bytes at the end are missing.
    public init?(_ message: [UInt8], _ reading: SASLReading) {
        guard let header = GS2Header(message, reading) else { return nil }
        let parts = message[header.bytes.count...].split(separator: Self.separator, maxSplits: 16)
        let pairs = parts.compactMap { part in
            part.firstIndex(of: UInt8(ascii: "=")).map { equals in
                Pair(
                    key: String(decoding: part[..<equals].prefix(100), as: UTF8.self),
                    range: equals + 1..<part.endIndex
                )
            }
        }
        if reading == .strict {
            guard pairs.count == parts.count, message.suffix(2) == [Self.separator, Self.separator] else { return nil }
        }
        self.header = header
        self.pairs = pairs
        self.message = message
    }

    /// The last value of that name.
    public subscript(key: String) -> ArraySlice<UInt8>? { pairs.last { $0.key == key }.map { message[$0.range] } }

    /// What the client answers to an error: a single byte of value 1.
    public static let acknowledgement: [UInt8] = [separator]
}

/// The error of a server that does not take a token, in JSON (RFC 7628 section 3.2.2).
public struct OAuthBearerError: Sendable, Equatable, Decodable {
    public let status: String
    /// What the token should be for.
    public let scope: String?
    /// Where it is told how to get one.
    public let configuration: String?

    private enum CodingKeys: String, CodingKey {
        case status, scope
        case configuration = "openid-configuration"
    }

    /// Longer ones are none.
    private static let limit = 64 * 1024

    /// Nil if it is not such an error.
    public init?(_ message: [UInt8]) {
        guard message.count <= Self.limit,
            let error = try? JSONDecoder().decode(OAuthBearerError.self, from: Data(message))
        else { return nil }
        self = error
    }
}
