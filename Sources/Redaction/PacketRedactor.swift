import XMLStream
import XMPP

/// Finds the secrets in one packet after the other of a connection, and what is to stand in their places.
struct PacketRedactor {
    /// Bytes of a packet, and as many others for them.
    struct Patch: Equatable {
        let range: Range<Int>
        let bytes: [UInt8]
    }

    private var login = LoginRedactor()
    /// The names of form fields that a form said to hold something private.
    private var privateFields: Set<String> = []
    /// A peer can name as many as it likes.
    private static let fieldLimit = 1000

    /// - Parameter root: the packet as it was read; of a stream header the element that it begins.
    mutating func patches(
        _ packet: [UInt8],
        _ root: Element,
        fromClient: Bool,
        _ secrets: inout SecretTable
    ) -> [Patch] {
        login.began(with: root)
        let comments = Self.comments(packet, &secrets)
        let ancestry = Place.ancestry(of: root)
        learnPrivateFields(ancestry)
        let values = ValueRewriter.values(in: packet, includesCharacterData: true)
        return comments
            + values.flatMap { value -> [Patch] in
                guard ancestry.indices.contains(value.index) else { return [] }
                let place = Place(
                    elements: ancestry[value.index],
                    attribute: value.slot.attribute,
                    field: value.slot.field
                )
                return patches(for: value, Array(packet[value.range]), place, fromClient: fromClient, &secrets)
            }
    }

    /// The packet with its secrets replaced; of the same length.
    mutating func redacted(
        _ packet: [UInt8],
        _ root: Element,
        fromClient: Bool,
        _ secrets: inout SecretTable
    ) -> [UInt8] {
        var output = packet
        for patch in patches(packet, root, fromClient: fromClient, &secrets) {
            output.replaceSubrange(patch.range, with: patch.bytes)
        }
        return output
    }

    private mutating func learnPrivateFields(_ ancestry: [[Element]]) {
        for list in ancestry {
            guard let element = list.first, element.name == "field", element["type"] == "text-private",
                let name = element["var"], privateFields.count < Self.fieldLimit
            else { continue }
            privateFields.insert(name)
        }
    }

    /// Anything may stand in a comment or a processing instruction, so nothing of it is left.
    static func comments(_ packet: [UInt8], _ secrets: inout SecretTable) -> [Patch] {
        StreamParser.misplacedRanges(in: packet).map { range in
            secrets.masked(range.count)
            return Patch(range: range, bytes: [UInt8](repeating: UInt8(ascii: "x"), count: range.count))
        }
    }

    private func patches(
        for value: ValueRewriter.Value,
        _ written: [UInt8],
        _ place: Place,
        fromClient: Bool,
        _ secrets: inout SecretTable
    ) -> [Patch] {
        func whole(_ bytes: [UInt8]?) -> [Patch] { bytes.map { [Patch(range: value.range, bytes: $0)] } ?? [] }
        let text = Array(value.text.utf8)
        if LoginRedactor.carriesData(place) {
            return whole(login.redacted(written, fromClient: fromClient, &secrets))
        }
        if SecretRules.isSecret(place, privateFields: privateFields) {
            guard let kept = SecretRules.keptPrefix(of: text, place), written.starts(with: kept) else {
                return whole(secrets.text(for: text, count: written.count))
            }
            return whole(kept + secrets.text(for: Array(text.dropFirst(kept.count)), count: written.count - kept.count))
        }
        if Self.isProtocolWord(place) { return [] }
        return echoes(in: written, text, from: value.range.lowerBound, &secrets)
    }

    /// What was a secret elsewhere is one here too, for servers repeat what they were sent; and what looks like one.
    private func echoes(
        in written: [UInt8],
        _ text: [UInt8],
        from start: Int,
        _ secrets: inout SecretTable
    ) -> [Patch] {
        // Written with references it is found in the text only, which has other lengths.
        if written != text, !secrets.echoes(in: text).isEmpty {
            return [
                Patch(range: start..<start + written.count, bytes: secrets.standIn(for: text, count: written.count))
            ]
        }
        return secrets.looseMatches(in: written, SecretShapes.find(in: written)).map { match in
            Patch(range: match.range.lowerBound + start..<match.range.upperBound + start, bytes: match.replacement)
        }
    }

    /// True for attributes that hold words of the protocol, in which a password that is such a word says nothing.
    private static func isProtocolWord(_ place: Place) -> Bool {
        guard let attribute = place.attribute else { return false }
        return ["type", "version", "xml:lang", "mechanism"].contains(attribute)
    }
}
