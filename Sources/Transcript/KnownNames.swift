/// Names and values that XMPP writes in small letters, restored where a text shows them in others.
enum KnownNames {
    static let elements: Set<String> = [
        "xml", "stream", "stream:stream", "stream:features", "stream:error", "features", "iq", "message", "presence",
        "query", "error", "text", "starttls", "required", "optional", "proceed", "failure", "abort", "mechanisms",
        "mechanism", "auth", "challenge", "response", "success", "compression", "compress", "compressed", "method",
        "bind", "session", "resource", "jid", "digest", "username", "password", "instructions", "registered",
        "register",
        "remove", "email", "name", "nick", "first", "last", "address", "city", "state", "zip", "phone", "url", "date",
        "misc", "key", "body", "subject", "thread", "status", "show", "priority", "item", "group", "x",
        "field", "value", "option", "title", "identity", "feature", "ping", "vcard-temp", "enable", "enabled", "resume",
        "resumed", "failed", "conflict", "not-allowed", "not-acceptable", "not-authorized", "bad-request", "forbidden",
        "resource-constraint", "feature-not-implemented", "service-unavailable", "item-not-found", "jid-malformed",
        "internal-server-error", "registration-required", "host-unknown", "policy-violation", "not-well-formed",
    ]

    static let attributes: Set<String> = [
        "xmlns", "xmlns:stream", "xmlns:xml", "xmlns:db", "xml:lang", "version", "encoding", "standalone", "to", "from",
        "id", "type", "mechanism", "code", "var", "label", "jid", "name", "node", "subscription", "ask", "category",
        "stamp", "hash", "ver", "by", "affiliation", "role", "previd", "resume", "max",
    ]

    static let types: Set<String> = [
        "get", "set", "result", "error", "chat", "groupchat", "headline", "normal", "subscribe", "subscribed",
        "unsubscribe", "unsubscribed", "unavailable", "probe", "form", "submit", "cancel", "modify", "wait", "continue",
        "auth", "boolean", "fixed", "hidden", "jid-multi", "jid-single", "list-multi", "list-single", "text-multi",
        "text-private", "text-single",
    ]
}
