import Transcript
import XMPP

/// One rung of a ladder: a packet as an arrow, or something that is no packet.
struct LadderRow {
    enum Kind {
        case packet(Packet)
        /// - Parameter isFailure: it tells that something failed.
        case event(String, isFailure: Bool)
        case prose([String])
    }

    struct Packet {
        let number: Int?
        let direction: Direction
        /// In a few words, such as `iq get query`.
        let label: String
        /// True for an error or a refusal, of a stanza, a stream or a login.
        let isError: Bool
        let explanation: String
        let findings: [FindingLine]
        /// The packet as a transcript shows it.
        let xml: String
        /// The request that it answers.
        let answers: Int?
        /// Request and answer share it; nil for what is neither.
        let pair: Int?

        var warns: Bool { findings.contains { $0.severity == .warning } }

        /// `007`; nil if nobody counted it.
        var digits: String? {
            number.map { String(repeating: "0", count: max(0, 3 - String($0).count)) + String($0) }
        }
    }

    struct FindingLine {
        let severity: Finding.Severity
        /// `Warning: …`, on one line.
        let text: String
    }

    let kind: Kind
    /// Since the connection began.
    let seconds: Double?
    /// Since the packet before.
    let delta: Double?

    /// `+1.234 s`.
    var time: String { seconds.map { "+\(Self.fixed($0, 3)) s" } ?? "" }

    /// `12.3 ms`, `1.23 s`.
    var pause: String {
        guard let delta else { return "" }
        return delta < 1 ? "\(Self.fixed(delta * 1000, 1)) ms" : "\(Self.fixed(delta, 2)) s"
    }

    /// Of a packet; nil if nobody counted it.
    var number: Int? {
        switch kind {
        case .packet(let packet): packet.number
        case .event, .prose: nil
        }
    }

    static func fixed(_ value: Double, _ places: Int) -> String {
        let scale = places == 1 ? 10.0 : places == 2 ? 100.0 : 1000.0
        let all = Int((max(0, min(value, 1e12)) * scale).rounded())
        let fraction = String(all % Int(scale))
        return "\(all / Int(scale))." + String(repeating: "0", count: places - fraction.count) + fraction
    }
}
