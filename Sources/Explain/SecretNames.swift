/// Names by which a secret is known where its place is not understood: in a lost or wrong namespace, in another letter case, as
/// an attribute instead of an element.
public enum SecretNames {
    /// True if an element, an attribute or a form field of that name holds a secret, whatever protocol it belongs to.
    public static func isSecret(_ name: String) -> Bool {
        let small = name.lowercased()
        return names.contains(small) || parts.contains { small.contains($0) }
            || endings.contains { small.hasSuffix($0) }
    }

    private static let names: Set<String> = [
        "pass", "pwd", "pw", "token", "previd", "handshake", "digest", "authorization", "cookie", "apikey", "api_key",
        "api-key", "otp",
    ]
    private static let parts = ["password", "passwd", "passphrase", "passwort"]
    private static let endings = ["secret", "_token", "-token", "_pass", "-pass", "_pwd", "-pwd"]
}
