import Session
import XMLStream
import XMPP

extension ProtocolTable {
    /// What stands in the features of logins, and in the logins.
    static let ofLogins: [ProtocolEntry] = [
        .adds(
            "XEP-0233",
            "XMPP Server Registration for use with Kerberos V5",
            ["urn:xmpp:domain-based-name:1"]
        ) { element in
            let host = element.name == "hostname" ? element.text.trimmed.nonEmpty : nil
            return host.map { "For Kerberos the server's name is \($0.shown(limit: 100))" }
        },
        .adds("XEP-0480", "SASL Upgrade Tasks", ["urn:xmpp:sasl:upgrade:0"]) { element in
            let task = element.name == "upgrade" ? element.text.trimmed.nonEmpty : nil
            return task.map {
                "After the login the password can be made fit for another mechanism (\($0.shown(limit: 40)))"
            }
        },
        .scramUpgrade, .pipelinedLogin,
    ]
}

extension ProtocolEntry {
    /// What is needed to store a password for another mechanism (XEP-0480 section 3).
    fileprivate static let scramUpgrade: ProtocolEntry = {
        let namespace = "urn:xmpp:scram-upgrade:0"
        var entry = ProtocolEntry("XEP-0480", "SASL Upgrade Tasks", [namespace])
        // Whoever has the salted password can log in without the password itself.
        entry.secrets = [.text("hash", namespace)]
        entry.inner = .told(by: "XEP-0388")
        return entry
    }()

    /// Features that are known in advance (XEP-0509).
    fileprivate static let pipelinedLogin: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0509", "Initial Authentication Pipelining", ["urn:xmpp:iap:0"])
        entry.feature = { _ in
            .clause("the version of these features, with which the next login need not wait for them (XEP-0509)")
        }
        return entry
    }()

    /// Several domains over one connection of servers (XEP-0451).
    static let sharedConnections: ProtocolEntry = {
        let namespace = "urn:xmpp:mux:0"
        var entry = ProtocolEntry("XEP-0451", "Stanza Multiplexing", [namespace])
        entry.secrets = [.text("mux", namespace)]
        entry.feature = { feature in
            let hosts = feature.children.filter { $0.name == "host" }.map { $0.text.trimmed.shown(limit: 80) }
            let named = hosts.isEmpty ? "several domains" : Say.some(hosts)
            return .clause("one connection for \(named) (XEP-0451)")
        }
        entry.teller = { StatelessTeller(body: tellSharedConnection) }
        return entry
    }()
}

private func tellSharedConnection(_ element: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene)
    -> Telling?
{
    guard element.name == "mux" else { return nil }
    switch place {
    case .nonza:
        guard let host = element.given("host") else { return nil }
        return Telling(
            "\(scene.sender(of: packet).start) wants to use its connection with \(host.shown(limit: 100)) for this domain too, and gives a secret by which that can be checked\(scene.cite("XEP-0451"))."
        )
    case .request, .answer:
        guard let exchange = Exchange(element, place, packet, scene) else { return nil }
        switch exchange.turn {
        case .set:
            return Telling(
                "\(exchange.who) asks \(exchange.whom) whether a secret is its own, so that one connection can serve both domains\(scene.cite("XEP-0451"))."
            )
        case .result: return Telling("\(exchange.who) confirms the secret.")
        case .refusal(let error): return exchange.refused("the secret", error)
        case .get, .message, .presence: return nil
        }
    case .message, .presence: return nil
    }
}
