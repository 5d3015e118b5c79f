import XMLStream
import XMPP

extension NS {
    /// Of the drafts before XEP-0386 became what it is.
    static let olderBind2 = "urn:xmpp:bind2:1"
}

/// What travels with a login by SASL2; `SASL2.swift` tells it where it stands.
extension ProtocolEntry {
    /// Binding in the step of the login (XEP-0386).
    static let bind2: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0386", "Bind 2", [NS.bind2, NS.olderBind2])
        entry.feature = { _ in .clause("binding a resource in the step of the login (XEP-0386)") }
        return entry
    }()

    /// Logging in by a token of an earlier login (XEP-0484).
    static let fast: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0484", "Fast Authentication Streamlining Tokens", [NS.fast])
        entry.inner = .told(by: "XEP-0388")
        entry.secrets = [.attribute("token", of: nil, NS.fast)]
        entry.volatile = [.attribute("token", of: nil, NS.fast), .attribute("expiry", of: nil, NS.fast)]
        return entry
    }()
}
