import XMLStream
import XMPP

/// What an answer of service discovery says somebody is and supports (XEP-0030 section 3, XEP-0128).
struct DiscoveryInfo {
    private let identities: [Element]
    private let features: [String]
    private let forms: [DataForm]

    init(_ query: Element) {
        var (identities, features, forms): ([Element], [String], [DataForm]) = ([], [], [])
        for child in query.children {
            switch child.name {
            case "identity": identities.append(child)
            case "feature": child["var"].map { features.append($0) }
            case "x" where child.namespace == NS.dataForms: forms.append(DataForm(child))
            default: break
            }
        }
        (self.identities, self.features, self.forms) = (identities, features, forms)
    }

    var category: String? { identities.first?["category"] }
    /// Who says it, by which a room is told from a service of rooms.
    var address: String?
    var name: String? { identities.lazy.compactMap { $0["name"]?.nonEmpty }.first }

    /// All of it, to stand behind who it is about; ends with a full stop.
    ///
    /// - Parameter it: how the next sentence begins: `It`, `That`.
    func told(_ it: String) -> String {
        let kinds = toldIdentities
        let supported = toldFeatures
        var text: String
        if kinds.isEmpty {
            text = supported.map { "\($0)." } ?? "says nothing of itself."
        } else {
            text = "is \(kinds.listed())" + (supported.map { "; \($0)." } ?? ".")
        }
        for sentence in [toldRoomKind(it), toldNotifications(it)].compactMap({ $0 })
            + forms.compactMap({ DiscoveryForm.told($0, it) })
        {
            text += " " + sentence
        }
        return text
    }

    private func unique(_ items: [String]) -> [String] {
        var seen: Set<String> = []
        return items.filter { seen.insert($0).inserted }
    }

    // MARK: Features

    /// The features by their names, the first ones.
    var names: String {
        People.firstOnes(
            features.map { feature in
                DiscoveryWords.order.first { $0.namespace == feature }?.words ?? Self.nameOfFeature(feature)
            }
        )
    }

    private var toldFeatures: String? {
        // A room is one by its identity already.
        let isRoom = category == "conference"
        let others = features.filter {
            !$0.hasSuffix("+notify") && DiscoveryWords.roomKinds[$0] == nil && !(isRoom && $0 == NS.muc)
        }
        if others.isEmpty {
            let none = identities.isEmpty ? "names no feature" : "it names no feature"
            return features.isEmpty ? none : nil
        }
        // The most telling ones first, then those that have a name, then the others.
        let listed = DiscoveryWords.order.filter { others.contains($0.namespace) }
        let pubsub = others.filter { $0.hasPrefix(Self.pubsub) }.map {
            String($0.dropFirst(Self.pubsub.count)).shown(limit: 40)
        }
        let publishing = pubsub.isEmpty ? [] : ["publish-subscribe (\(People.firstOnes(pubsub)))"]
        let rest = others.filter { feature in
            !feature.hasPrefix(Self.pubsub) && !listed.contains { $0.namespace == feature }
        }.map(Self.nameOfFeature)
        let (named, bare) = (rest.filter { !$0.hasPrefix("\"") }, rest.filter { $0.hasPrefix("\"") })
        let known = listed.map { isRoom && $0.namespace == NS.register ? "registration" : $0.words }
            .filter { publishing.isEmpty || $0 != "publish-subscribe" }
        let names = unique(publishing + known + named + bare)
        let verb = identities.isEmpty ? "supports" : "it supports"
        if names.count <= 3 { return "\(verb) \(names.listed())" }
        return "\(verb) \(names.count) things, among them \(names.prefix(3).listed())"
    }

    /// How the features of publish-subscribe begin (XEP-0060 section 10).
    private static let pubsub = "http://jabber.org/protocol/pubsub#"

    private static func nameOfFeature(_ feature: String) -> String {
        if let words = FeatureWords.words(for: feature) { return words }
        if let known = ProtocolRegistry.lookUp(feature), known.isCertain { return known.title }
        return feature.quoted(limit: 80)
    }

    /// What a room is like, by the features that stand for that (XEP-0045 section 15.3).
    private func toldRoomKind(_ it: String) -> String? {
        let kinds = features.compactMap { DiscoveryWords.roomKinds[$0] }
        return kinds.isEmpty ? nil : "\(it) is \(unique(kinds).listed())."
    }

    /// What somebody wants to be told of others (XEP-0163 section 4.2).
    private func toldNotifications(_ it: String) -> String? {
        let nodes = features.filter { $0.hasSuffix("+notify") }.map { String($0.dropLast("+notify".count)) }
        if nodes.isEmpty { return nil }
        let names = unique(
            DiscoveryWords.nodes.filter { nodes.contains($0.namespace) }.map(\.words)
                + nodes.filter { node in !DiscoveryWords.nodes.contains { $0.namespace == node } }.map {
                    $0.isEmpty ? "something without a name" : $0.shown(limit: 80)
                }
        )
        return "\(it) wants to hear of others' \(People.firstOnes(names))."
    }

    // MARK: Identities

    /// `an IM server, "Prosody"`; where there are several, each with its name in brackets. A name may come in several languages.
    private var toldIdentities: [String] {
        var seen: Set<String> = []
        let some = identities.filter { seen.insert("\($0["category"] ?? "")/\($0["type"] ?? "")").inserted }
        let told = some.prefix(3).map { identity -> String in
            let kind = DiscoveryWords.kind(identity["category"] ?? "", identity["type"] ?? "", address)
            guard let name = identity["name"]?.nonEmpty?.quoted(limit: 60) else { return kind }
            return some.count == 1 ? "\(kind), \(name)" : "\(kind) (\(name))"
        }
        return some.count > 3 ? told + ["others"] : told
    }
}
