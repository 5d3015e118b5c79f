/// Names by which a secret is known where its place is not understood: in a lost or wrong namespace, in another letter case, as
/// an attribute instead of an element.
public enum SecretNames {
    /// True if an element, an attribute or a form field of that name holds a secret, whatever protocol it belongs to.
    public static func isSecret(_ name: String) -> Bool {
        let small = name.lowercased()
        return names.contains(small) || small.hasSuffix("password") || small.hasSuffix("passwd")
            || small.hasSuffix("-secret")
    }

    private static let names: Set<String> = [
        "password", "passwd", "pass", "pwd", "passphrase", "old_password", "new_password", "password_confirm",
        "password-verify", "token", "secret", "previd", "handshake",
    ]
}
