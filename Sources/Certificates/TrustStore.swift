import FoundationEssentials
import Glibc
import SwiftASN1
import X509
import XMPP

/// What came of checking a server's certificate.
public enum Verification: Sendable, Equatable {
    /// It is signed by one that is trusted, valid now, and for this server.
    case trusted
    /// All that is wrong, clauses without a full stop, one after the other with semicolons.
    case refused(reason: String)
}

/// The authorities that are trusted to sign the certificates of servers.
public struct TrustStore: Sendable {
    let roots: TrustRoots

    /// Debian, Arch, Alpine, Gentoo; Fedora and RHEL; openSUSE; old RHEL; OpenBSD, macOS and FreeBSD.
    private static let systemFiles = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/pki/tls/cacert.pem", "/etc/ssl/cert.pem",
        "/usr/local/share/certs/ca-root-nss.crt",
    ]

    /// Those of the operating system. They are read at the first check, for that takes a while.
    public static func system() throws(CertificateProblem) -> TrustStore {
        guard let path = systemFiles.first(where: { access($0, R_OK) == 0 }) else {
            throw CertificateProblem(
                "the system has no list of trusted certificates at \(systemFiles[0]) or the usual other places; "
                    + "install the package ca-certificates"
            )
        }
        return TrustStore(roots: TrustRoots(path: path))
    }

    /// Those in a file, and no others. A server's own certificate in it is trusted as well.
    public init(pemFile: String) throws(CertificateProblem) {
        let roots = TrustRoots(path: pemFile)
        try roots.load()
        self.init(roots: roots)
    }

    private init(roots: TrustRoots) { self.roots = roots }

    /// Checks what a server of `domain` sent: its own certificate first, then those that may lead to a trusted one.
    public func verify(
        chain: [[UInt8]],
        domain: String,
        at seconds: Int64 = Int64(Date().timeIntervalSince1970)
    ) async -> Verification {
        guard let first = chain.first else { return .refused(reason: "the server sent no certificate") }
        guard first.count <= ChainCheck.largestCertificate, let leaf = try? Certificate(derEncoded: first) else {
            return .refused(reason: "it cannot be read")
        }
        let known: TrustRoots.Content
        do throws(CertificateProblem) {
            known = try roots.load()
        } catch {
            return .refused(reason: "it cannot be checked: \(error)")
        }
        let check = ChainCheck(
            leaf: leaf,
            others: ChainCheck.readable(chain.dropFirst()),
            roots: known,
            seconds: seconds
        )
        let faults = await check.faults() + leafFaults(leaf, domain: domain, seconds: seconds)
        return faults.isEmpty ? .trusted : .refused(reason: faults.joined(separator: "; "))
    }
}

/// What is wrong with the certificate itself, whoever signed it.
private func leafFaults(_ leaf: Certificate, domain: String, seconds: Int64) -> [String] {
    [dateFault(leaf, seconds), purposeFault(leaf), nameFault(leaf, domain)].compactMap(\.self)
}

private func dateFault(_ leaf: Certificate, _ seconds: Int64) -> String? {
    if seconds > leaf.lastSecond { return "it expired on \(day(leaf.lastSecond))" }
    if seconds < leaf.firstSecond { return "it is not valid before \(day(leaf.firstSecond))" }
    return nil
}

/// RFC 5280 section 4.2.1.12: without the extension a certificate is for everything.
private func purposeFault(_ leaf: Certificate) -> String? {
    guard let usages = try? leaf.extensions.extendedKeyUsage else { return nil }
    return usages.contains(.serverAuth) || usages.contains(.any) ? nil : "it is not meant for a server"
}

private func nameFault(_ leaf: Certificate, _ domain: String) -> String? {
    let names = SubjectName.all(of: leaf)
    guard !names.isEmpty else { return "it names nobody in its subjectAltName" }
    guard !names.contains(where: { $0.matches(domain) }) else { return nil }
    let texts = unique(names.map(\.text))
    var list = texts.prefix(6).joined(separator: ", ")
    if texts.count > 6 { list += " and \(texts.count - 6) more" }
    return "it is for \(list), not for \(printable((try? Domain(domain))?.told ?? domain))"
}
