import Transcript
import XMPP

/// Says at the end of what took several packets what came of it, and where it began.
struct BriefStories {
    private struct Place: Hashable {
        let connection: Int
        let story: Int
    }

    /// The numbers of the first packets of the stories that are open.
    private var first: [Place: Int] = [:]

    /// No real session has as many open at once; a hostile one shall not cost much.
    private static let limit = 4096

    /// The line for the story that ends with this packet; nil if none does that is worth a line.
    mutating func end(_ packet: PacketRecord, _ connection: Int) -> BriefLine? {
        guard let step = packet.telling.step, step.kind.isWorthALine, let number = packet.number else { return nil }
        let place = Place(connection: connection, story: step.story)
        if first.count >= Self.limit { first = [:] }
        let start = first[place] ?? number
        first[place] = step.state == .open ? start : nil
        let since = start == number ? "" : " (since \(BriefNumber.text(start)))"
        switch step.state {
        case .open: return nil
        case .succeeded: return BriefLine(story: "\(step.title) succeeded\(since)", isFailure: false, packet)
        case .abandoned: return BriefLine(story: "\(step.title) was given up\(since)", isFailure: false, packet)
        case .failed(let cause):
            return BriefLine(story: "\(step.title) failed\(since): \(cause.why)", isFailure: true, packet)
        }
    }
}

extension Story.Kind {
    /// False for what is over with its second packet, which says it itself.
    fileprivate var isWorthALine: Bool {
        switch self {
        case .registration, .serviceRegistration, .passwordChange, .removal, .login, .resumption, .subscription,
            .roomJoin,
            .upload, .call, .fileTransfer, .command, .archiveQuery:
            true
        case .encryption, .compression, .bind, .component, .request: false
        }
    }
}
