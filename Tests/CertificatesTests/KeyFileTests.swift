import Certificates
import Foundation
import TestKit
import Testing

/// A key as openssl writes it, and whether it is one that can be used.
private struct KeyForm: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Shell commands that leave key.pem and cert.pem.
    let commands: String
    /// Of the problem; nil if there is none. PATH stands for the folder.
    var expected: String?
}

private let selfSigned = "openssl req -x509 -new -key key.pem -subj /CN=a -out cert.pem"

private let forms: [KeyForm] = [
    KeyForm(testDescription: "PKCS #8, RSA", commands: "openssl genpkey -algorithm RSA -out key.pem; \(selfSigned)"),
    KeyForm(testDescription: "PKCS #1", commands: "openssl genrsa -traditional -out key.pem 2048; \(selfSigned)"),
    KeyForm(
        testDescription: "PKCS #8, P-384",
        commands: "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out key.pem; \(selfSigned)"
    ),
    KeyForm(
        testDescription: "SEC 1 with its parameters",
        commands: "openssl ecparam -genkey -name prime256v1 -out key.pem; \(selfSigned)"
    ),
    KeyForm(testDescription: "Ed25519", commands: "openssl genpkey -algorithm ED25519 -out key.pem; \(selfSigned)"),
    KeyForm(
        testDescription: "both in one file, after a listing",
        commands: "openssl genpkey -algorithm RSA -out k; mv k key.pem; \(selfSigned) -text; cat key.pem >> cert.pem; "
            + "cp cert.pem key.pem"
    ),
    KeyForm(
        testDescription: "lines end as in Windows",
        commands: "openssl genpkey -algorithm RSA -out key.pem; \(selfSigned); sed -i 's/$/\\r/' key.pem cert.pem"
    ),
    KeyForm(
        testDescription: "encrypted PKCS #8",
        commands: "openssl genpkey -algorithm RSA -out k; openssl pkey -in k -aes128 -passout pass:1234 -out key.pem; "
            + "openssl req -x509 -new -key k -subj /CN=a -out cert.pem",
        expected: "the key in PATH/key.pem is encrypted, and stanzatap asks for no passphrase; openssl pkey"
    ),
    KeyForm(
        testDescription: "encrypted PKCS #1",
        commands: "openssl genrsa -traditional -aes128 -passout pass:1234 -out key.pem 2048; "
            + "openssl req -x509 -new -key key.pem -passin pass:1234 -subj /CN=a -out cert.pem",
        expected: "the key in PATH/key.pem is encrypted"
    ),
    KeyForm(
        testDescription: "another key",
        commands: "openssl genpkey -algorithm RSA -out key.pem; \(selfSigned); "
            + "openssl genpkey -algorithm RSA -out key.pem",
        expected: "the key in PATH/key.pem does not belong to the certificate in PATH/cert.pem"
    ),
    KeyForm(
        testDescription: "the wrong order",
        commands: "openssl genpkey -algorithm RSA -out key.pem; \(selfSigned); mv cert.pem a; "
            + "openssl genpkey -algorithm RSA -out key.pem; \(selfSigned); cp cert.pem b; cat a b > cert.pem",
        expected: "the key in PATH/key.pem belongs to certificate 2 in PATH/cert.pem; put that one first"
    ),
    KeyForm(
        testDescription: "no key file",
        commands: "openssl genpkey -algorithm RSA -out key.pem; \(selfSigned); rm key.pem",
        expected: "cannot read PATH/key.pem: there is no such file or folder"
    ),
    KeyForm(
        testDescription: "no certificate file",
        commands: "openssl genpkey -algorithm RSA -out key.pem",
        expected: "cannot read PATH/cert.pem: there is no such file or folder"
    ),
    KeyForm(
        testDescription: "the certificate for a key",
        commands: "openssl genpkey -algorithm RSA -out key.pem; \(selfSigned); cp cert.pem key.pem",
        expected: "PATH/key.pem holds no private key, but a CERTIFICATE; it must have"
    ),
    KeyForm(
        testDescription: "the key for a certificate",
        commands: "openssl genpkey -algorithm RSA -out key.pem; cp key.pem cert.pem",
        expected: "PATH/cert.pem holds no certificate, but a PRIVATE KEY; it must have"
    ),
    KeyForm(
        testDescription: "DER",
        commands: "openssl genpkey -algorithm RSA -out key.pem; \(selfSigned) -outform der",
        expected: "PATH/cert.pem is in DER, not in PEM; openssl x509 -inform der"
    ),
    KeyForm(
        testDescription: "a damaged certificate",
        commands: "openssl genpkey -algorithm RSA -out key.pem; \(selfSigned); sed -i 4d cert.pem",
        expected: "certificate 1 in PATH/cert.pem cannot be read: "
    ),
    KeyForm(
        testDescription: "a damaged key",
        commands: "openssl genpkey -algorithm RSA -out key.pem; \(selfSigned); sed -i 4d key.pem",
        expected: "the key in PATH/key.pem cannot be read: "
    ),
    KeyForm(
        testDescription: "a key that is no base64",
        commands: "openssl genpkey -algorithm RSA -out key.pem; \(selfSigned); sed -i '4s/../?!/' key.pem",
        expected: "the key in PATH/key.pem is damaged: it is not base64"
    ),
    KeyForm(
        testDescription: "a pipe",
        commands: "openssl genpkey -algorithm RSA -out key.pem; mkfifo cert.pem",
        expected: "cannot read PATH/cert.pem: it is not a file"
    ),
    KeyForm(
        testDescription: "a huge file",
        commands: "openssl genpkey -algorithm RSA -out key.pem; truncate -s 1G cert.pem",
        expected: "cannot read PATH/cert.pem: its 1073741824 bytes are more than a file of its kind has"
    ),
]

@Suite struct KeyFileTests {
    @Test(arguments: forms) fileprivate func form(_ form: KeyForm) throws {
        let folder = try TemporaryFolder()
        let made = try run("/bin/sh", ["-c", "cd '\(folder.path)'; \(form.commands)"])
        try #require(made.status == 0, "\(made.errors)")
        let load = {
            try loadKeyPair(certificateFile: folder.path + "/cert.pem", keyFile: folder.path + "/key.pem")
        }
        guard let expected = form.expected?.replacing("PATH", with: folder.path) else {
            try check(try load(), folder)
            return
        }
        let problem = #expect(throws: CertificateProblem.self) { try load() }
        let text = try #require(problem).description
        #expect(text.hasPrefix(expected), "\(text)")
        #expect(!text.contains("\n"))
    }

    /// openssl finds the same public key in both.
    private func check(_ pair: KeyPair, _ folder: TemporaryFolder) throws {
        #expect(pair.keyPEM.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        try write(pair.keyPEM, folder.path + "/new.pem")
        try Data(pair.certificates[0]).write(to: URL(fileURLWithPath: folder.path + "/new.der"))
        let key = try run("/usr/bin/openssl", ["pkey", "-in", folder.path + "/new.pem", "-pubout"])
        let certificate = try run(
            "/usr/bin/openssl",
            [
                "x509", "-inform", "der", "-in", folder.path + "/new.der", "-noout", "-pubkey",
            ]
        )
        #expect(key.status == 0 && key.output == certificate.output, "\(key.errors)")
    }

    @Test func aChainIsKeptInItsOrder() throws {
        let folder = try TemporaryFolder()
        let root = try authority("Root").minted()
        let leaf = try Wanted().minted(by: root)
        try write(leaf.pem + root.pem, folder.path + "/cert.pem")
        try write(try leaf.keyPEM, folder.path + "/key.pem")
        let pair = try loadKeyPair(certificateFile: folder.path + "/cert.pem", keyFile: folder.path + "/key.pem")
        #expect(pair.certificates == [leaf.der, root.der])
    }
}
