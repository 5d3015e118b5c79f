import SASL
import XMLStream
import XMPP

/// Whether what somebody announces can be a hash of capabilities at all (XEP-0115 section 4, XEP-0390 section 4.2).
enum CapabilityForms {
    /// How many bytes the functions make that the registry of IANA has and stanzatap knows.
    private static let lengths: [String: Int] = [
        "md2": 16, "md5": 16, "sha-1": 20, "sha-224": 28, "sha-256": 32, "sha-384": 48, "sha-512": 64,
        "sha3-256": 32, "sha3-512": 64, "blake2b-256": 32, "blake2b-512": 64,
    ]

    /// Of `<c/>` of XEP-0115.
    static func findings(_ c: Element) -> [Finding] {
        guard let version = c["ver"]?.nonEmpty, c["node"]?.nonEmpty != nil else { return [] }
        guard let function = c["hash"]?.nonEmpty else {
            return [
                Finding(
                    .capabilitiesHashMissing,
                    "ver comes without hash, as before version 1.4 of XEP-0115, so nobody can check it (section 4)."
                )
            ]
        }
        return judge(version, function, "ver", "XEP-0115 section 5.1")
    }

    /// Of `<c/>` of XEP-0390.
    static func secondFindings(_ c: Element) -> [Finding] {
        var findings: [Finding] = []
        for hash in c.children.prefix(8) where hash.is("hash", NS.hashes) {
            guard let function = hash["algo"]?.nonEmpty else {
                findings.append(
                    Finding(
                        .capabilitiesHashMissing,
                        "a <hash/> does not name its function (algo), so nobody can check it (XEP-0300 section 3)."
                    )
                )
                continue
            }
            findings += judge(hash.text.trimmed, function, "the hash", "XEP-0390 section 4.2")
        }
        return findings
    }

    private static func judge(_ value: String, _ function: String, _ what: String, _ rule: String) -> [Finding] {
        guard let length = lengths[function.lowercased()] else {
            return [
                Finding(
                    .capabilitiesHashUnknown,
                    "the hash function \(function.quoted(limit: 40)) is not known; who does not know it can not check the capabilities."
                )
            ]
        }
        guard let bytes = Base64.decode(Array(value.utf8), .strict) else {
            return [Finding(.capabilitiesVersion, "\(what) is not base64 (\(rule)).")]
        }
        if bytes.count == length { return [] }
        return [
            Finding(
                .capabilitiesVersion,
                "\(what) has \(counted(bytes.count, "byte")), but \(function.shown(limit: 40)) makes \(length) (\(rule))."
            )
        ]
    }
}

extension FindingCode {
    static let capabilitiesHashMissing = note(
        "caps.hash.missing",
        "XEP-0115 section 4",
        "Capabilities are announced without the name of the hash function, as very old programs do. They can not be checked, so they must not be kept for others."
    )
    static let capabilitiesHashUnknown = note(
        "caps.hash.unknown",
        "XEP-0115 section 4",
        "Capabilities are announced by a hash function that hardly anybody knows. Others have to ask each time."
    )
    static let capabilitiesVersion = warning(
        "caps.ver.malformed",
        "XEP-0115 section 5.1",
        "What is announced can not be the hash that it is said to be, by its length or its form. Everybody who checks it will refuse the capabilities, and some features will seem to be missing."
    )

    static let capabilityForms: [FindingCode] = [
        capabilitiesHashMissing, capabilitiesHashUnknown, capabilitiesVersion,
    ]
}
