import SASL
import XMLStream
import XMPP

/// What a login is held against: the mechanisms and the types of channel binding that the server offered.
extension Scene {
    /// What does not fit together in the features themselves (XEP-0440 section 3).
    func bindingFindings(_ features: Element) -> [Finding] {
        let lists = features.children.filter { $0.is("mechanisms", NS.sasl) || $0.is("authentication", NS.sasl2) }
        if let empty = lists.first(where: { $0.child("mechanism", $0.namespace) == nil }) {
            return [
                Finding(
                    .offersNone,
                    "<\(empty.name)/> lists no mechanism, so nobody can log in by it (\(empty.namespace == NS.sasl2 ? "XEP-0388 section 2.1" : "RFC 6120 section 6.4.1"))."
                )
            ]
        }
        guard let types = offers.bindings else {
            let plus = (offers.lists[NS.sasl2] ?? []).contains { $0.hasSuffix("-PLUS") }
            guard plus, features.child("authentication", NS.sasl2) != nil else { return [] }
            return [
                Finding(
                    .offersBinding,
                    "mechanisms with channel binding are offered by SASL2 without its types (XEP-0440); a client must give up, for somebody may have taken them out."
                )
            ]
        }
        guard features.child("sasl-channel-binding", NS.channelBinding) != nil else { return [] }
        if types.isEmpty {
            return [Finding(.offersBinding, "the list of types of channel binding is empty (XEP-0440 section 2).")]
        }
        let list = features.child("sasl-channel-binding", NS.channelBinding)
        if types.contains("") || types.count < min(list?.childCount ?? 0, 50) {
            return [Finding(.offersBinding, "a type of channel binding has no name (XEP-0440 section 2).")]
        }
        guard offers.plus.isEmpty, !offers.mechanisms.isEmpty else { return [] }
        return [
            Finding(
                .offersBinding,
                "types of channel binding are listed (XEP-0440), but no mechanism that has it; a client should give up, for somebody may have taken those out."
            )
        ]
    }

    /// What is to be said about the choice of the mechanism.
    func choiceFindings(_ name: String, among tried: Set<String>) -> [Finding] {
        if name.isEmpty {
            return [
                Finding(
                    .mechanismMissing,
                    "the client names no mechanism, so the server must refuse (RFC 6120 section 6.4.2)."
                )
            ]
        }
        let offered = offers.mechanisms
        if offered.isEmpty || beginsInMiddle { return [] }
        guard offered.contains(name) else {
            return [Finding(.mechanismNotOffered, "the server's list does not have that mechanism.")]
        }
        let better = offered.filter { $0.hasPrefix("SCRAM-") && !$0.hasSuffix("-PLUS") }
        guard Self.weaker.contains(name), !better.isEmpty, tried.isDisjoint(with: better) else { return [] }
        return [
            Finding(
                .weakerMechanism,
                "the server also offers \(better.prefix(4).map { $0.shown(limit: 40) }.listed("and")), which \(better.count == 1 ? "is" : "are") safer."
            )
        ]
    }

    /// Mechanisms that give the password away, or what it can be guessed by quickly.
    private static let weaker: Set<String> = ["PLAIN", "LOGIN", "DIGEST-MD5", "CRAM-MD5"]

    /// What the client's channel binding is against the offers, where nothing stands between (RFC 5802 section 6, XEP-0440).
    func bindingChoiceFindings(_ binding: ChannelBinding, _ login: Login) -> [Finding] {
        guard login.name.hasPrefix("SCRAM-"), !encryption.isIntercepted, !beginsInMiddle else { return [] }
        switch binding {
        case .unused: return []
        case .notOffered:
            let list = offers.lists[login.isSASL2 ? NS.sasl2 : NS.sasl] ?? []
            guard let plus = list.first(where: { $0.hasSuffix("-PLUS") }) else { return [] }
            return [
                Finding(
                    .scramDowngrade,
                    "the client says that the server offers no channel binding (flag y), but it offers \(plus.shown(limit: 40)); the server must refuse, for that is how it notices that somebody changed the list."
                )
            ]
        case .used(let type):
            guard let types = offers.bindings, !types.isEmpty, !types.contains(type) else { return [] }
            return [
                Finding(
                    .bindingType,
                    "the server lists \(types.prefix(6).map { $0.shown(limit: 40) }.listed()) as types of channel binding, not \(type.quoted(limit: 40)) (XEP-0440)."
                )
            ]
        }
    }

    /// What a hash of the server's offers says of those that came (XEP-0474 section 6.2).
    func offerHashFinding(_ hash: String, mechanism: String, isSASL2: Bool) -> Finding? {
        guard let function = SCRAMMechanism(mechanism)?.hash,
            let mechanisms = offers.lists[isSASL2 ? NS.sasl2 : NS.sasl], !mechanisms.isEmpty, !beginsInMiddle
        else { return nil }
        let forms = OfferHash.forms(mechanisms, offers.bindings).map { NamedDigest.base64(function, of: $0) }
        if forms.contains(nil) || forms.contains(hash) { return nil }
        return Finding(
            .offersHash,
            "the hash of its offers (h=) is not that of the list that came: somebody changed the list on its way, or the server hashed another one; the client must give up (XEP-0474 section 6.2)."
        )
    }
}

/// What is hashed of the offers (XEP-0474 section 6.1).
enum OfferHash {
    /// As it is done today, and as it was done before version 0.4.
    static func forms(_ mechanisms: [String], _ bindings: [String]?) -> [[UInt8]] {
        [(between: UInt8(0x1E), lists: UInt8(0x1F)), (between: UInt8(ascii: ","), lists: UInt8(ascii: "|"))].map {
            form in
            let first = joined(mechanisms, by: form.between)
            guard let bindings else { return first }
            return first + [form.lists] + joined(bindings, by: form.between)
        }
    }

    private static func joined(_ names: [String], by separator: UInt8) -> [UInt8] {
        let sorted = names.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
        return Array(sorted.joined(separator: [separator]))
    }
}

extension FindingCode {
    static let mechanismMissing = warning(
        "sasl.mechanism.missing",
        "RFC 6120 section 6.4.2",
        "A login must name its mechanism, by the attribute of that name."
    )
    static let weakerMechanism = note(
        "sasl.mechanism.weaker",
        "RFC 6120 section 13.8",
        "The client uses a mechanism that gives more away than others that the server offers. Switch the better one on in the client; if it has it, find out why it did not choose it."
    )
    static let offersNone = warning(
        "sasl.offers.none",
        "RFC 6120 section 6.4.1",
        "The server offers a login without any mechanism. Its settings most likely forbid all that it has; or somebody took them out on the way."
    )
    static let offersBinding = warning(
        "sasl.offers.binding",
        "XEP-0440 section 3",
        "The server's mechanisms and its types of channel binding do not belong together. That is a fault of the server, or somebody took something out of the list so that the login is not bound to the TLS connection."
    )
    static let offersHash = warning(
        "sasl.offers.hash",
        "XEP-0474 section 6.2",
        "The server's hash of its mechanisms and types of channel binding does not fit those that the client was sent. Either somebody between them takes mechanisms out, to have the client use a weaker one, or the server hashes something else."
    )
    static let scramDowngrade = warning(
        "sasl.scram.downgrade",
        "RFC 5802 section 6",
        "The client can bind its login and says that the server can not, but the server's list has such a mechanism. Somebody changed the list for the client, or the client did not read it well."
    )
    static let bindingType = warning(
        "sasl.channel-binding.type",
        "XEP-0440 section 3",
        "The client binds its login in a way that the server has not announced, so the server will most likely refuse."
    )

    static let loginOffers: [FindingCode] = [
        mechanismMissing, weakerMechanism, offersNone, offersBinding, offersHash, scramDowngrade, bindingType,
    ]
}
