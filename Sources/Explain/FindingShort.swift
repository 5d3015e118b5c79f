import XMPP

extension Finding {
    static func warning(_ text: String) -> Finding { Finding(.warning, text) }
    static func note(_ text: String) -> Finding { Finding(.note, text) }
}
