import Glibc

/// A domain in all its forms: as it came, as XMPP addresses have it, and as the DNS and TLS have it.
///
/// An address has an internationalised name in U-labels, `bücher.example` (RFC 7622 section 3.2.1); the DNS, SNI and the dNSName of a
/// certificate in A-labels, `xn--bcher-kva.example` (RFC 5890 section 2.3.2.1). Letter case, the dot at the end, the way in which
/// characters are composed and wide forms make no difference (UTS 46, nontransitional). Equal are two domains with the same normal form.
public struct Domain: Sendable, Hashable {
    /// As it came.
    public let written: String
    /// In U-labels, NFC, small letters, without a dot at its end. A label that only looks like an A-label stays as it is.
    public let unicode: String
    /// In A-labels, small letters, without a dot at its end: 253 bytes of ASCII at most.
    public let ascii: String
    /// True if it came with an A-label, which an XMPP address must not have.
    public let isWrittenInALabels: Bool

    /// Takes a name for the DNS in any of its forms; an IPv4 address looks like one too.
    public init(_ text: String) throws(DomainProblem) {
        guard text.utf8.count <= Self.byteLimit else {
            throw DomainProblem(
                "it is longer than \(Self.byteLimit) bytes, which is all that a domain may have (RFC 7622)"
            )
        }
        var texts = text.unicodeScalars.split(omittingEmptySubsequences: false, whereSeparator: isLabelEnd).map(
            String.init
        )
        if texts.count > 1, texts.last?.isEmpty == true { texts.removeLast() }
        guard texts != [""] else { throw DomainProblem("it is empty") }
        var (labels, length): ([Label], Int) = ([], -1)
        for text in texts {
            labels.append(try Label(text))
            // At once, for to convert hundreds of labels takes time.
            length += labels[labels.count - 1].ascii.utf8.count + 1
            guard length <= 253 else { throw DomainProblem("it is longer than 253 bytes as the DNS has it") }
        }
        written = text
        unicode = labels.map(\.unicode).joined(separator: ".")
        ascii = labels.map(\.ascii).joined(separator: ".")
        isWrittenInALabels = labels.contains(where: \.isWrittenAsALabel)
    }

    /// RFC 7622 section 3.2: of a domainpart, in UTF-8.
    private static let byteLimit = 1023

    /// True if its two forms differ.
    public var isInternational: Bool { unicode != ascii }

    /// For people: `bücher.example (xn--bcher-kva.example)`, or the name alone where both forms are the same.
    public var told: String { isInternational ? "\(unicode) (\(ascii))" : ascii }

    public static func == (one: Domain, other: Domain) -> Bool { one.ascii == other.ascii }

    public func hash(into hasher: inout Hasher) { hasher.combine(ascii) }
}

/// Why a text is no domain: a clause without a full stop, which begins with `it` and may quote the text, escaped for a terminal.
public struct DomainProblem: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

extension Domain {
    /// What a domain is compared by: `ascii`, or for what is no name (an IPv6 address, a peer's nonsense) itself in small letters.
    public static func normalForm(_ text: String) -> String {
        if text.isPlainDomain { return text.lowercased() }
        return (try? Domain(text))?.ascii ?? text.lowercased()
    }

    /// True if both texts name the same domain, in whichever forms.
    public static func areSame(_ one: String, _ other: String) -> Bool {
        one.utf8.elementsEqual(other.utf8) || normalForm(one) == normalForm(other)
    }
}

// For both kinds of strings, and not generic: it is asked for every stanza, from other modules.
extension String {
    /// True for printable ASCII without an A-label and without a dot at the end: nothing but letter case has to be looked at.
    public var isPlainDomain: Bool {
        var text = self
        return text.withUTF8 { $0.isPlainDomain }
    }

    /// False where nothing begins as A-labels do.
    public var mayHaveALabel: Bool {
        var text = self
        return text.withUTF8 { $0.mayHaveALabel }
    }
}

extension Substring {
    /// As that of `String`.
    public var isPlainDomain: Bool {
        var text = self
        return text.withUTF8 { $0.isPlainDomain }
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate var isPlainDomain: Bool {
        endOfPlainRun(from: 0) == count && last != UInt8(ascii: ".") && !mayHaveALabel
    }

    fileprivate var mayHaveALabel: Bool {
        guard let base = baseAddress else { return false }
        var index = 2
        // Hyphens are rare, and libc finds the next one many bytes at a time.
        while index + 1 < count, let hyphen = memchr(base + index, CInt(UInt8(ascii: "-")), count - index) {
            let place = UnsafeRawPointer(base).distance(to: hyphen)
            // The letters x and n in either case.
            if place + 1 < count, self[place + 1] == UInt8(ascii: "-"), self[place - 1] | 0x20 == UInt8(ascii: "n"),
                self[place - 2] | 0x20 == UInt8(ascii: "x")
            {
                return true
            }
            index = place + 1
        }
        return false
    }
}

/// The full stop, and what UTS 46 section 2.3 takes for one.
private func isLabelEnd(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case ".", "\u{3002}", "\u{FF0E}", "\u{FF61}": true
    default: false
    }
}
