import Synchronization

/// Names by which a secret is known where its place is not understood: in a lost or wrong namespace, in another letter case, as
/// an attribute instead of an element.
public enum SecretNames {
    /// True if an element, an attribute or a form field of that name holds a secret, whatever protocol it belongs to.
    public static func isSecret(_ name: String) -> Bool {
        // Asked of every element and attribute of a recording, which are the same few hundred again and again.
        if let known = judged.withLock({ $0[name] }) { return known }
        let isSecret = judge(name)
        if name.utf8.count <= longestKept {
            judged.withLock { if $0.count < keptNames { $0[name] = isSecret } }
        }
        return isSecret
    }

    private static let judged = Mutex<[String: Bool]>([:])
    /// Peers can make up any number of names, of any length.
    private static let keptNames = 4096
    private static let longestKept = 64

    private static func judge(_ name: String) -> Bool {
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
