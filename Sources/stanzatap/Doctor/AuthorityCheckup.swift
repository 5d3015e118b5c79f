import Certificates
import Glibc

/// Whether the certificate authority is there, sound, and trusted.
struct AuthorityCheckup {
    let directory: String

    var findings: [DoctorFinding] {
        do throws(CertificateProblem) {
            guard let authority = try CertificateAuthority.existing(directory: directory) else {
                return [absence]
            }
            return [soundness(of: authority), trust(in: authority)]
        } catch {
            return [DoctorFinding(.problem, "certificate authority: \(error)")]
        }
    }

    private var absence: DoctorFinding {
        let place = nearestFolder(to: directory)
        guard access(place, W_OK | X_OK) == 0 else {
            return DoctorFinding(
                .problem,
                "certificate authority: there is none, and none can be made in \(directory): \(place) cannot be written to",
                remedy: "stanzatap record --data-dir DIR   takes another folder; with --tls pass none is needed"
            )
        }
        return DoctorFinding(
            .note,
            "certificate authority: there is none yet in \(directory); the first recording makes it",
            remedy: "stanzatap ca path        makes it now; then: stanzatap ca trust-help"
        )
    }

    private static let secondsOfMonth: Int64 = 30 * 86_400

    private func soundness(of authority: CertificateAuthority) -> DoctorFinding {
        let path = authority.certificatePath
        guard let facts = CertificateFacts(der: authority.certificateDER) else {
            return DoctorFinding(.problem, "certificate authority: \(path) cannot be read")
        }
        let end = dayInUTC(facts.notAfter)
        if facts.notAfter - Int64(time(nil)) < Self.secondsOfMonth {
            return DoctorFinding(
                .note,
                "certificate authority: \(path) is sound, but expires on \(end)",
                remedy: "rm \(quotedForShell(path)) and its key beside it; then: stanzatap ca trust-help"
            )
        }
        return DoctorFinding(
            .ok,
            "certificate authority: \(path), valid until \(end); its key can be read by you alone"
        )
    }

    private func trust(in authority: CertificateAuthority) -> DoctorFinding {
        do throws(CertificateProblem) {
            if try TrustStore.system().holds(authority.certificateDER) {
                return DoctorFinding(.ok, "trust: this system trusts the certificate authority")
            }
            return DoctorFinding(
                .note,
                "trust: this system does not trust the certificate authority; clients must be told of it one by one",
                remedy: "stanzatap ca trust-help  tells how, for one client or for the whole system"
            )
        } catch {
            return DoctorFinding(
                .problem,
                "trust: \(error); without it no server's certificate can be checked",
                remedy: "sudo apt-get install ca-certificates"
            )
        }
    }
}

/// The day in UTC, `2026-01-02`.
///
/// - Parameter seconds: since 1970.
func dayInUTC(_ seconds: Int64) -> String { timeInUTC(seconds, "%Y-%m-%d") }

/// - Parameter format: as strftime has it.
func timeInUTC(_ seconds: Int64, _ format: String) -> String {
    var (moment, parts) = (time_t(seconds), tm())
    gmtime_r(&moment, &parts)
    var text = [CChar](repeating: 0, count: 64)
    strftime(&text, text.count, format, &parts)
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
