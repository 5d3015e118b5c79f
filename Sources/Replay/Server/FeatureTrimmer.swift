import XMLStream

/// Takes out of features what a replayed server cannot do: STARTTLS inside TLS, compression, and mechanisms that
/// need a certificate, a ticket or the very TLS connection of the recording.
enum FeatureTrimmer {
    /// - Parameter checksProofs: false if no password is known, with which a mechanism that proves one could be checked. What
    ///   tells it (PLAIN) is offered then in place of those.
    static func trim(_ features: [UInt8], offersTLS: Bool, checksProofs: Bool) -> [UInt8] {
        var result = features
        let unwanted = StreamParser.elementRanges(in: features).filter {
            isUnwanted(features[$0], offersTLS: offersTLS)
        }
        // From the end on, so that the ranges before stay right.
        for range in outermost(unwanted).reversed() { result.removeSubrange(range) }
        return checksProofs ? result : withoutProofs(result)
    }

    private static func withoutProofs(_ features: [UInt8]) -> [UInt8] {
        let ranges = StreamParser.elementRanges(in: features)
        let proving = ranges.filter { mechanism(features[$0]).map { !["PLAIN", "ANONYMOUS"].contains($0) } ?? false }
        let hasPlain = ranges.contains { mechanism(features[$0]) == "PLAIN" }
        var result = features
        for range in outermost(proving).reversed() {
            if !hasPlain, range == proving.first, let name = nameRange(features[range]) {
                result.replaceSubrange(name, with: Array("PLAIN".utf8))
            } else {
                result.removeSubrange(range)
            }
        }
        return result
    }

    /// Without those that lie in another one, which goes with them.
    private static func outermost(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var kept: [Range<Int>] = []
        for range in ranges.sorted(by: { ($0.lowerBound, $1.upperBound) < ($1.lowerBound, $0.upperBound) })
        where range.lowerBound >= kept.last?.upperBound ?? 0 {
            kept.append(range)
        }
        return kept
    }

    private static func isUnwanted(_ bytes: ArraySlice<UInt8>, offersTLS: Bool) -> Bool {
        switch name(bytes) {
        case "starttls": return !offersTLS
        case "compression", "sasl-channel-binding": return true
        case "mechanism":
            // Others are left, such as X-OAUTH2: a client that takes one up is refused.
            guard let mechanism = mechanism(bytes) else { return false }
            return mechanism.hasSuffix("-PLUS") || mechanism == "EXTERNAL" || mechanism.hasPrefix("GS")
        default: return false
        }
    }

    /// The element's name without its prefix.
    private static func name(_ bytes: ArraySlice<UInt8>) -> Substring {
        let tag = String(decoding: bytes.dropFirst().prefix { !" \t\r\n/>".utf8.contains($0) }, as: UTF8.self)
        return tag.split(separator: ":").last ?? ""
    }

    /// The mechanism that the element names; nil if it names none.
    private static func mechanism(_ bytes: ArraySlice<UInt8>) -> String? {
        guard name(bytes) == "mechanism", let range = nameRange(bytes) else { return nil }
        return String(decoding: bytes[range], as: UTF8.self).filter { !$0.isWhitespace }
    }

    /// What stands between the element's tags.
    private static func nameRange(_ bytes: ArraySlice<UInt8>) -> Range<Int>? {
        guard let start = bytes.firstIndex(of: UInt8(ascii: ">")), let end = bytes.lastIndex(of: UInt8(ascii: "<")),
            start < end
        else { return nil }
        return start + 1..<end
    }
}
