import FoundationEssentials
import SwiftASN1
import Synchronization
@_spi(FixedExpiryValidationTime) @_spi(DisableValidityCheck) import X509

/// Whether trusted certificates vouch for a server's, by way of those that the server sent along.
///
/// The peer chooses what is checked, so all of it has a limit.
struct ChainCheck {
    let leaf: Certificate
    let others: [Certificate]
    let roots: TrustRoots.Content
    let seconds: Int64

    /// Bytes of DER. The largest that are in use name some hundred hosts.
    static let largestCertificate = 65_536
    /// Real chains have three.
    private static let mostOthers = 16

    /// Those that a server sent along, as far as they can be of use.
    static func readable(_ ders: ArraySlice<[UInt8]>) -> [Certificate] {
        ders.prefix(mostOthers).filter { $0.count <= largestCertificate }.compactMap {
            try? Certificate(derEncoded: $0)
        }
    }

    /// Clauses; none if the chain leads to a trusted certificate.
    func faults() async -> [String] {
        // The library wants a trusted certificate to be an authority; but one may trust a server's own, too.
        if roots.certificates.contains(leaf) { return [] }
        // The Date of the policy is written as a GeneralizedTime, which ends with the year 9999.
        let date = Date(timeIntervalSince1970: TimeInterval(min(max(seconds, 0), 253_402_300_799)))
        if case .validCertificate = await validate(RFC5280Policy(fixedExpiryValidationTime: date)) { return [] }
        // Without the dates it is known whether only they are wrong.
        switch await validate(RFC5280Policy.withValidityCheckDisabled()) {
        case .validCertificate(let chain): return chain.dropFirst().compactMap(dateFault)
        case .couldNotValidate(let failures): return [untrusted(failures)]
        }
    }

    private func validate(_ policy: RFC5280Policy) async -> CertificateValidationResult {
        var verifier = Verifier(rootCertificates: roots.store) {
            policy
            CheckedElsewhere()
        }
        return await verifier.validate(leaf: leaf, intermediates: CertificateStore(custom: LimitedStore(others)))
    }

    private func dateFault(_ authority: Certificate) -> String? {
        let name = "the certificate of \(shortText(authority.subject)), which signed it,"
        if seconds > authority.lastSecond { return "\(name) expired on \(day(authority.lastSecond))" }
        if seconds < authority.firstSecond { return "\(name) is not valid before \(day(authority.firstSecond))" }
        return nil
    }

    // MARK: Why not

    private func untrusted(_ failures: [CertificateValidationResult.PolicyFailure]) -> String {
        if let strange = unknownExtension { return "it has a critical extension that is not known here, \(strange)" }
        if let failure = failures.first { return broken(failure) }
        if isSigned(leaf, by: leaf) { return "the certificate is self-signed and not among the trusted ones" }
        let last = lastOfChain
        let issuer = shortText(last.issuer)
        guard roots.subjects.contains(last.issuer) else { return "it is signed by \(issuer), which is not trusted" }
        return "it is signed by \(issuer), but not with the key of the one that is trusted under this name"
    }

    private var unknownExtension: String? {
        let known = RFC5280Policy().verifyingCriticalExtensions + CheckedElsewhere().verifyingCriticalExtensions
        return leaf.extensions.first { $0.critical && !known.contains($0.oid) }.map { "\($0.oid)" }
    }

    /// The last certificate on the way from the leaf up through what the server sent.
    private var lastOfChain: Certificate {
        var last = leaf
        for _ in others {
            guard !isSigned(last, by: last), let next = others.first(where: { isSigned(last, by: $0) }) else { break }
            last = next
        }
        return last
    }

    private func isSigned(_ certificate: Certificate, by issuer: Certificate) -> Bool {
        certificate.issuer == issuer.subject
            && issuer.publicKey.isValidSignature(certificate.signature, for: certificate)
    }

    /// A chain that leads to a trusted certificate but is against the rules.
    private func broken(_ failure: CertificateValidationResult.PolicyFailure) -> String {
        let authorities = failure.chain.dropFirst()
        for authority in authorities where authority.version != .v1 {
            if case .isCertificateAuthority? = try? authority.extensions.basicConstraints { continue }
            return "it is signed by \(shortText(authority.subject)), which is no authority for certificates"
        }
        let names = authorities.map { shortText($0.subject) }.joined(separator: ", ")
        if failure.policyFailureReason.description.contains("maximum path length") {
            return "it is signed by way of \(names), which is one authority more than the trusted one allows"
        }
        return "it is signed by \(names), which may not sign for its names"
    }
}

/// Extensions that ``TrustStore`` itself looks at, so that the library need not refuse them where they are critical.
private struct CheckedElsewhere: VerifierPolicy {
    let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [
        .X509ExtensionID.subjectAlternativeName, .X509ExtensionID.extendedKeyUsage,
    ]

    func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) -> PolicyEvaluationResult { .meetsPolicy }
}

/// What a server sent along, to be asked for an issuer only so often: certificates that all sign one another make more
/// chains than can ever be tried.
private final class LimitedStore: CustomCertificateStore {
    private let certificates: [DistinguishedName: [Certificate]]
    private let questionsLeft = Mutex(48)

    init(_ certificates: [Certificate]) { self.certificates = Dictionary(grouping: certificates, by: \.subject) }

    subscript(subject: DistinguishedName) -> [Certificate]? {
        get async {
            let isAllowed = questionsLeft.withLock { left in
                left -= 1
                return left >= 0
            }
            return isAllowed ? certificates[subject] : nil
        }
    }

    func contains(_ certificate: Certificate) async -> Bool {
        certificates[certificate.subject]?.contains(certificate) ?? false
    }

    /// The verifier adds nothing to what a peer sent.
    func append(contentsOf certificates: some Sequence<Certificate>) {}

    static func == (one: LimitedStore, other: LimitedStore) -> Bool { one === other }

    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
