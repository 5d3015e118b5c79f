import FoundationEssentials

/// Who logs in, read from the message of a mechanism that says it; with the password where that is said too.
struct LoginData: Equatable {
    let user: String
    let password: String?

    /// Nil if the message does not name a user.
    init?(mechanism: String, base64: String) {
        guard let data = Data(base64Encoded: base64.filter { !$0.isWhitespace }) else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        if mechanism == "PLAIN" {
            let parts = text.split(separator: "\0", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return nil }
            (user, password) = (String(parts[1]), String(parts[2]))
        } else if mechanism.hasPrefix("SCRAM-") {
            // n,a=…,n=user,r=nonce (RFC 5802 section 7)
            guard let name = text.split(separator: ",").first(where: { $0.hasPrefix("n=") }) else { return nil }
            user = String(name.dropFirst(2)).replacing("=2C", with: ",").replacing("=3D", with: "=")
            password = nil
        } else if mechanism == "DIGEST-MD5" {
            guard let start = text.firstRange(of: "username=\"") else { return nil }
            let rest = text[start.upperBound...]
            guard let end = rest.firstIndex(of: "\"") else { return nil }
            (user, password) = (String(rest[..<end]), nil)
        } else {
            return nil
        }
        if user.isEmpty { return nil }
    }
}
