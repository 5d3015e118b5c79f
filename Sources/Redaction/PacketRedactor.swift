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
        let ancestry = Place.ancestry(of: root)
        return ValueRewriter.values(in: packet, includesCharacterData: true).compactMap { value in
            guard ancestry.indices.contains(value.index) else { return nil }
            let place = Place(elements: ancestry[value.index], attribute: value.slot.attribute, field: value.slot.field)
            let written = Array(packet[value.range])
            let bytes = replacement(of: Array(value.text.utf8), written, place, fromClient: fromClient, &secrets)
            return bytes.map { Patch(range: value.range, bytes: $0) }
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
