import Explain
import Testing

@Suite("names of secrets")
struct SecretNamesTests {
    @Test(
        "a secret is known by its name",
        arguments: [
            "password", "Password", "old_password", "PASSWD", "passwd2", "passphrase", "passwort", "xpassworty", "pass",
            "pw",
            "api-key", "clientsecret", "secret", "auth-token", "_PASS", "x-pwd", "to\u{212A}en", "ünder_token",
        ]
    )
    func secret(_ name: String) { #expect(SecretNames.isSecret(name)) }

    @Test(
        "other names tell nothing",
        arguments: [
            "", "p", "passport", "tokens", "mytoken", "body", "username", "passwor", "digests", "pässword", "secrets",
        ]
    )
    func other(_ name: String) { #expect(!SecretNames.isSecret(name)) }
}
