import Certificates
import Foundation
import TestKit
import Testing

private func mode(_ path: String) throws -> Int? {
    (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
}

@Suite struct AuthorityTests {
    let folder = try? TemporaryFolder()
    var directory: String { get throws { try #require(folder).path + "/data/stanzatap" } }

    @Test(arguments: [
        (["XDG_DATA_HOME": "/x", "HOME": "/home/u"], "/x/stanzatap"),
        (["HOME": "/home/u"], "/home/u/.local/share/stanzatap"),
        (["XDG_DATA_HOME": "", "HOME": "/home/u"], "/home/u/.local/share/stanzatap"),
        (["XDG_DATA_HOME": "relative", "HOME": "/home/u"], "/home/u/.local/share/stanzatap"),
    ])
    func whereItLies(_ environment: [String: String], _ expected: String) {
        #expect(CertificateAuthority.defaultDirectory(environment: environment) == expected)
    }

    @Test func madeAtFirstUseAndLoadedAfterwards() throws {
        let first = try CertificateAuthority.open(directory: try directory)
        #expect(first.wasMade)
        #expect(first.certificatePath == (try directory) + "/ca.pem")
        #expect(try mode(directory) == 0o700)
        #expect(try mode(directory + "/ca-key.pem") == 0o600)
        #expect(try mode(directory + "/ca.pem") == 0o644)
        #expect(try String(contentsOfFile: first.certificatePath, encoding: .utf8) == first.certificatePEM)
        let second = try CertificateAuthority.open(directory: try directory)
        #expect(!second.wasMade)
        #expect(second.certificatePEM == first.certificatePEM)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory).sorted() == ["ca-key.pem", "ca.pem"])
    }

    @Test func whatOpensslSaysOfIt() throws {
        let authority = try CertificateAuthority.open(directory: try directory)
        let arguments = ["x509", "-in", authority.certificatePath, "-noout", "-text", "-checkend", "315000000"]
        let text = try run("/usr/bin/openssl", arguments).output
        let wanted = [
            "stanzatap CA on ", "X509v3 Basic Constraints: critical\n                CA:TRUE, pathlen:0",
            "X509v3 Key Usage: critical\n                Certificate Sign, CRL Sign", "X509v3 Subject Key Identifier:",
            "NIST CURVE: P-256", "Certificate will not expire",
        ]
        for part in wanted { #expect(text.contains(part), "\(part) in \(text)") }
    }

    @Test func manyAtOnceGetTheSame() async throws {
        let directory = try directory
        let found = try await withThrowingTaskGroup(of: (String, [UInt8]?, Bool).self) { group in
            for _ in 0..<16 {
                group.addTask {
                    let authority = try CertificateAuthority.open(directory: directory)
                    let leaf = try authority.leaf(for: ["jabber.test"])
                    return (authority.certificatePEM, leaf.certificates.last, authority.wasMade)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(found.map(\.0)).count == 1)
        #expect(Set(found.map(\.1)).count == 1)
        #expect(found.filter(\.2).count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory).count == 2)
    }

    /// What a user did to the files, and what must be said of it, DIR standing for the directory.
    struct Damage: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let harm: @Sendable (_ directory: String) throws -> Void
        let expected: String
    }

    static let damages: [Damage] = [
        Damage(
            testDescription: "the group may read the key",
            harm: { chmod($0 + "/ca-key.pem", 0o640) },
            expected: "chmod 600 DIR/ca-key.pem"
        ),
        Damage(
            testDescription: "others may write the key",
            harm: { chmod($0 + "/ca-key.pem", 0o602) },
            expected: "chmod 600 DIR/ca-key.pem"
        ),
        Damage(
            testDescription: "another key",
            harm: { try newKey($0 + "/ca-key.pem") },
            expected: "DIR/ca.pem and DIR/ca-key.pem do not belong together"
        ),
        Damage(
            testDescription: "no key",
            harm: { try FileManager.default.removeItem(atPath: $0 + "/ca-key.pem") },
            expected: "DIR/ca-key.pem is missing, the key of DIR/ca.pem"
        ),
        Damage(
            testDescription: "an empty key",
            harm: { try Data().write(to: URL(fileURLWithPath: $0 + "/ca-key.pem")) },
            expected: "DIR/ca-key.pem holds no private key"
        ),
        Damage(
            testDescription: "a damaged certificate",
            harm: { try write("-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n", $0 + "/ca.pem") },
            expected: "DIR/ca.pem is damaged"
        ),
        Damage(
            testDescription: "no base64",
            harm: { try write("-----BEGIN CERTIFICATE-----\n???\n-----END CERTIFICATE-----\n", $0 + "/ca.pem") },
            expected: "certificate 1 in DIR/ca.pem is damaged: it is not base64"
        ),
        Damage(
            testDescription: "an empty certificate",
            harm: { try write("", $0 + "/ca.pem") },
            expected: "DIR/ca.pem holds no certificate"
        ),
        Damage(
            testDescription: "expired",
            harm: { try replace($0, with: try expiredAuthority()) },
            expected: "DIR/ca.pem expired on \(dayFromNow(-2)); remove it and DIR/ca-key.pem"
        ),
        Damage(
            testDescription: "not valid yet",
            harm: { try replace($0, with: try authority("x", from: 2).minted()) },
            expected: "DIR/ca.pem is not valid before \(dayFromNow(2))"
        ),
        Damage(
            testDescription: "no authority",
            harm: { try replace($0, with: try Wanted().minted()) },
            expected: "DIR/ca.pem is not the certificate of an authority"
        ),
        Damage(
            testDescription: "a directory for a file",
            harm: {
                try FileManager.default.removeItem(atPath: $0 + "/ca.pem")
                try FileManager.default.createDirectory(atPath: $0 + "/ca.pem", withIntermediateDirectories: true)
            },
            expected: "cannot read DIR/ca.pem: it is not a file"
        ),
    ]

    @Test(arguments: damages) func refused(_ damage: Damage) throws {
        let directory = try directory
        _ = try CertificateAuthority.open(directory: directory)
        try damage.harm(directory)
        let problem = #expect(throws: CertificateProblem.self) { try CertificateAuthority.open(directory: directory) }
        let text = try #require(problem).description
        #expect(text.contains(damage.expected.replacing("DIR", with: directory)), "\(text)")
        #expect(!text.contains("\n") && !text.hasSuffix("."), "\(text)")
    }

    @Test(.enabled(if: geteuid() == 0)) func aKeyOfAnotherUser() throws {
        let directory = try directory
        _ = try CertificateAuthority.open(directory: directory)
        chown(directory + "/ca-key.pem", 1234, 1234)
        let problem = #expect(throws: CertificateProblem.self) { try CertificateAuthority.open(directory: directory) }
        #expect(problem?.description.contains("belongs to another user (number 1234)") == true)
    }

    @Test func aLostCertificateIsMadeForTheSameKey() throws {
        let directory = try directory
        let first = try CertificateAuthority.open(directory: directory)
        try FileManager.default.removeItem(atPath: first.certificatePath)
        let second = try CertificateAuthority.open(directory: directory)
        #expect(second.wasMade)
        #expect(second.certificatePEM != first.certificatePEM)
    }

    @Test func aDirectoryThatCannotBeMade() throws {
        let file = try #require(folder).path + "/file"
        try write("", file)
        let problem = #expect(throws: CertificateProblem.self) {
            try CertificateAuthority.open(directory: file + "/data")
        }
        #expect(problem?.description == "cannot make the folder \(file): it is a file")
    }
}

private func expiredAuthority() throws -> Minted { try authority("x", from: -10, to: -2).minted() }

private func newKey(_ path: String) throws {
    try write(try Wanted().minted().keyPEM, path)
}

private func replace(_ directory: String, with minted: Minted) throws {
    try write(minted.pem, directory + "/ca.pem")
    try write(try minted.keyPEM, directory + "/ca-key.pem")
}

/// Keeps the mode of a file that is there.
func write(_ text: String, _ path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
}

/// `2026-01-02`
func dayFromNow(_ days: Double) -> String {
    Date().addingTimeInterval(days * 86_400).formatted(.iso8601.year().month().day())
}
