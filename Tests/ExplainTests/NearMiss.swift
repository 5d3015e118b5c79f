import Explain
import Session
import Testing
import XMPP

/// A session whose last packet has a finding of that code, and the nearest one that has no such finding anywhere, and none in its
/// last packet.
struct NearMiss: Sendable, CustomTestStringConvertible {
    let code: String
    let severity: Finding.Severity
    let section: String
    let has: [String]
    let hasNot: [String]
    /// Codes that both have.
    let beside: Set<String>
    var testDescription: String { "\(code): \(has.last ?? "")" }

    init(
        _ code: String,
        _ severity: Finding.Severity,
        _ section: String,
        after before: [String],
        has: [String],
        hasNot: [String],
        beside: Set<String> = []
    ) {
        self.code = code
        self.severity = severity
        self.section = section
        self.has = before + has
        self.hasNot = before + hasNot
        self.beside = beside
    }

    func expect() {
        let known = ProtocolTable.codes[code]
        #expect(known?.severity == severity && known?.reference == section, "\(code) is documented otherwise")
        let found = Self.codes(has)
        #expect(found.last == beside.union([code]), "found \(found.last ?? [])")
        let near = Self.codes(hasNot)
        #expect(near.last == beside, "the nearest one has \(near.last ?? [])")
        #expect(!near.contains { $0.contains(code) }, "a packet before the last one has it")
    }

    /// The codes of the findings of each packet, but for the password that the login of the tests shows.
    private static func codes(_ lines: [String]) -> [Set<String>] {
        var (session, explainer) = (Session(), Explainer())
        var codes: [Set<String>] = []
        for line in lines {
            let direction: Direction = line.hasPrefix("C") ? .clientToServer : .serverToClient
            for case .packet(let packet) in session.received(Array(line.dropFirst(2).utf8)[...], direction, time: nil) {
                codes.append(
                    Set(explainer.explain(packet).findings.map(\.code)).subtracting(["login.password.in-clear"])
                )
            }
        }
        return codes
    }
}
