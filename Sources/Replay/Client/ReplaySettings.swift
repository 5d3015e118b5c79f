import Conversation
import XMLStream
import XMPP

/// What a user wants otherwise than recorded: `username=test4` and the like.
public struct ReplaySettings: Sendable {
    private let settings: [(name: String, value: String)]

    /// - Throws: `ReplayError` unless each text is `NAME=VALUE`.
    public init(_ texts: [String]) throws(ReplayError) {
        var settings: [(name: String, value: String)] = []
        for text in texts {
            guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
                throw ReplayError("\"\(text)\" is not NAME=VALUE; for example: username=test4")
            }
            settings.append((String(text[..<equals]), String(text[text.index(after: equals)...])))
        }
        self.settings = settings
    }

    /// Looks the names up in a recording: `username`, `password`, `domain`, `resource`, a field of its registrations, or any
    /// value in it.
    ///
    /// - Throws: `ReplayError` for a name that the recording does not have.
    public func values(for conversation: RecordedConversation) throws(ReplayError) -> ValueMap {
        let accounts = RecordedAccounts(conversation)
        var values = ValueMap()
        for (name, value) in settings {
            switch name {
            case "username": for user in try one(of: accounts.users, name) { values.set(user: user, to: value) }
            case "domain": for domain in try one(of: accounts.domains, name) { values.set(domain: domain, to: value) }
            case "password":
                for password in Set(accounts.allPasswords) { values.set(password: password, to: value) }
                if accounts.allPasswords.isEmpty {
                    throw ReplayError("the recording tells no password to set; use --password-file")
                }
            case "resource": try set(resource: value, accounts, conversation, &values)
            default: try set(name, to: value, conversation, &values)
            }
        }
        return values
    }

    private func one(of found: [String], _ name: String) throws(ReplayError) -> [String] {
        guard let first = found.first else { throw ReplayError("the recording tells no \(name) to set") }
        if found.count > 1 {
            let list = found.prefix(6).map { $0.shown(limit: 40) }.listed()
            throw ReplayError(
                "the recording has several (\(list)): set one of them by its value, such as \(first.shown(limit: 40))=…"
            )
        }
        return [first]
    }

    private func set(
        resource: String,
        _ accounts: RecordedAccounts,
        _ conversation: RecordedConversation,
        _ values: inout ValueMap
    ) throws(ReplayError) {
        guard !accounts.sessions.isEmpty else {
            throw ReplayError("no session is bound in the recording, so there is no resource to set")
        }
        for jid in accounts.sessions.values {
            values.set(session: jid, to: JID(local: jid.local, domain: jid.domain, resource: resource))
        }
    }

    private func set(
        _ name: String,
        to value: String,
        _ conversation: RecordedConversation,
        _ values: inout ValueMap
    ) throws(ReplayError) {
        let accounts = RecordedAccounts(conversation)
        if accounts.users.contains(name) { return values.set(user: name, to: value) }
        if accounts.domains.contains(name) { return values.set(domain: name, to: value) }
        if accounts.allPasswords.contains(name) { return values.set(password: name, to: value) }
        let sent = conversation.packets().filter { $0.direction == .clientToServer }
        let found = sent.lazy.flatMap { ValueRewriter.values(in: $0.bytes) }
        if found.contains(where: { $0.slot.attribute == nil && ($0.slot.element == name || $0.slot.field == name) }) {
            return values.set(field: name, to: value)
        }
        guard found.contains(where: { $0.text == name }) else {
            throw ReplayError(
                "the recorded client sends nothing that is named or reads \"\(name.shown(limit: 60))\"; names are username,"
                    + " password, domain, resource, or a field of its registration"
            )
        }
        values.set(value: name, to: value)
    }
}
