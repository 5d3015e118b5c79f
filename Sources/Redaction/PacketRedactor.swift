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

    /// - Parameter root: the packet as it was read.
    mutating func patches(
        _ packet: [UInt8],
        _ root: Element,
        fromClient: Bool,
        _ secrets: inout SecretTable
    ) -> [Patch] {
        login.began(with: root)
        let comments = Self.comments(packet, &secrets)
        let ancestry = Place.ancestry(of: root)
        let values = ValueRewriter.values(in: packet, includesCharacterData: true)
        return comments
            + values.compactMap { value in
                guard ancestry.indices.contains(value.index) else { return nil }
                let place = Place(
                    elements: ancestry[value.index],
                    attribute: value.slot.attribute,
                    field: value.slot.field
                )
                let written = Array(packet[value.range])
                let bytes = replacement(of: Array(value.text.utf8), written, place, fromClient: fromClient, &secrets)
                return bytes.map { Patch(range: value.range, bytes: $0) }
            }
    }

    /// Anything may stand in a comment or a processing instruction, so nothing of it is left.
    static func comments(_ packet: [UInt8], _ secrets: inout SecretTable) -> [Patch] {
        StreamParser.misplacedRanges(in: packet).map { range in
            secrets.masked += range.count
            return Patch(range: range, bytes: [UInt8](repeating: UInt8(ascii: "x"), count: range.count))
        }
    }

    private func replacement(
        of value: [UInt8],
        _ written: [UInt8],
        _ place: Place,
        fromClient: Bool,
        _ secrets: inout SecretTable
    ) -> [UInt8]? {
        if LoginRedactor.carriesData(place) { return login.redacted(written, fromClient: fromClient, &secrets) }
        if SecretRules.isSecret(place) {
            if let kept = SecretRules.keptPrefix(of: value, place) {
                return kept + secrets.text(for: Array(value.dropFirst(kept.count)), count: written.count - kept.count)
            }
            return secrets.text(for: value, count: written.count)
        }
        // What was a secret elsewhere is one here too: servers repeat what they were sent.
        return secrets.echo(of: value, count: written.count)
    }
}
