import Explain
import Session
import Testing
import XMPP

/// The proof of one kind of finding: its section, a session whose last packet has it, and the nearest session in which nothing is found.
///
/// Lines begin with `C ` or `S `; `TLS` stands for stanzatap taking TLS apart, `--` for the next connection of the recording.
struct LintProof: Sendable, CustomTestStringConvertible {
    let code: String
    let section: String
    let faulty: [String]
    let near: [String]
    /// What is found in both, and is another matter.
    let beside: Set<String>
    var testDescription: String { "\(code): \(faulty.last ?? "")" }

    /// - Parameter before: how both sessions begin.
    init(
        _ code: String,
        _ section: String,
        after before: [String],
        _ faulty: [String],
        near: [String],
        beside: Set<String> = []
    ) {
        self.code = code
        self.section = section
        self.faulty = before + faulty
        self.near = before + near
        self.beside = beside
    }

    /// Runs it.
    func expect() {
        #expect(ProtocolTable.codes[code]?.reference == section)
        let (found, nothing) = (LintProof.findings(in: faulty), LintProof.findings(in: near))
        #expect(found.last?.map(\.code).contains(code) == true, "the last packet has only: \(found)")
        let earlier = found.dropLast().joined().map(\.text)
        #expect(!found.dropLast().joined().contains { $0.code == code }, "earlier packets have it: \(earlier)")
        for finding in found.joined() where finding.code != code && !beside.contains(finding.code) {
            Issue.record("beside it is found \(finding.code): \(finding.text)")
        }
        for finding in nothing.joined() where !beside.contains(finding.code) {
            Issue.record("nearly: \(finding.code): \(finding.text)")
        }
    }

    /// The findings of each packet, and of each thing that is none.
    static func findings(in lines: [String]) -> [[Finding]] {
        let memory = RecordingMemory()
        let connections = lines.split(separator: "--", omittingEmptySubsequences: false)
        return connections.enumerated().flatMap { index, lines in
            findings(in: lines, Explainer(connection: index + 1, memory: memory))
        }
    }

    private static func findings(in lines: ArraySlice<String>, _ explainer: consuming Explainer) -> [[Finding]] {
        var session = Session()
        var found: [[Finding]] = []
        var events: [SessionEvent] = []
        for line in lines {
            if line == "TLS" {
                for side in [Side.server, .client] { explainer.tlsBegan(with: side, hidesChannelBinding: true) }
                continue
            }
            let direction: Direction = line.hasPrefix("C") ? .clientToServer : .serverToClient
            events = session.received(Array(line.dropFirst(2).utf8)[...], direction, time: nil)
            found += events.compactMap { findings(of: $0, &explainer) }
        }
        return found + session.finished().compactMap { findings(of: $0, &explainer) }
    }

    /// Nil for an event in which nothing can be found.
    private static func findings(of event: SessionEvent, _ explainer: inout Explainer) -> [Finding]? {
        if case .opaque(let reason, _) = event { explainer.becameOpaque(reason) }
        if case .packet(let packet) = event { return explainer.explain(packet).findings }
        return event.line().flatMap { EventFindings.finding($0.kind, $0.text) }.map { [$0] }
    }
}

/// The address that `inSession` binds.
let ownAddress = "romeo@jabber.test/o"

/// A request of the client's, and its answer.
func asking(_ type: String, _ content: String, to: String? = nil) -> String {
    "C <iq type='\(type)' id='q'\(to.map { " to='\($0)'" } ?? "")>\(content)</iq>"
}
func answering(_ content: String, from: String? = nil) -> String {
    "S <iq type='result' id='q' to='\(ownAddress)'\(from.map { " from='\($0)'" } ?? "")>\(content)</iq>"
}
