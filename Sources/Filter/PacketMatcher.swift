import Transcript
import XMLStream
import XMPP

/// Goes through a recording, record by record in order, and says which ones a filter fits.
public final class PacketMatcher {
    private let filter: PacketFilter
    private let evaluator: XPathEvaluator
    /// The namespaces of requests that wait for their answers, by connection and number.
    private var requests: [Int: [Int: Set<String>]] = [:]
    /// The clients' own addresses, by connection.
    private var clients: [Int: String] = [:]
    /// On how many packets an XPath expression took more work than is done for one; it does not hold of them.
    public private(set) var tooMuch = 0

    /// Requests of a connection whose answers are looked for; of more, answers are judged by themselves.
    private static let requestLimit = 10_000
    /// So many packets may cost all the work that is done for one; more are not asked any more.
    private static let tooMuchLimit = 200

    public init(_ filter: PacketFilter) {
        self.filter = filter
        evaluator = XPathEvaluator(filter.paths)
    }

    public func fits(_ packet: PacketRecord, connection: Int) -> Bool {
        var subject = FilterSubject(packet, connection: connection)
        if filter.needsElements { subject.element = packet.element ?? PacketRecord.Root.element(in: packet.xml) }
        if filter.asksForProtocols { subject.namespaces = protocols(of: subject, packet) }
        if filter.asksForAddresses { subject.addresses = addresses(of: subject, packet) }
        return fits(subject)
    }

    public func fits(_ event: EventRecord, connection: Int) -> Bool {
        fits(FilterSubject(event, connection: connection))
    }

    /// A packet that is in no recording: short forms that need one do not fit it.
    public func fits(_ packet: Element, _ direction: Direction) -> Bool { fits(FilterSubject(packet, direction)) }

    /// Nothing more comes for this connection.
    public func finished(connection: Int) {
        requests[connection] = nil
        clients[connection] = nil
    }

    private func fits(_ subject: FilterSubject) -> Bool {
        guard let condition = filter.condition else { return true }
        if !filter.paths.isEmpty { evaluator.load(subject.element) }
        return fits(condition, subject) ?? false
    }

    /// Nil if it cannot be said, because an expression takes too much work for the packet.
    private func fits(_ condition: FilterCondition, _ subject: FilterSubject) -> Bool? {
        switch condition {
        case .all(let parts): joined(parts, subject, decidedBy: false)
        case .any(let parts): joined(parts, subject, decidedBy: true)
        case .not(let part): fits(part, subject).map(!)
        case .test(let test): test.fits(subject)
        case .path(let index): holds(index)
        }
    }

    /// One part that is `decisive` decides, else what is not known does.
    private func joined(_ parts: [FilterCondition], _ subject: FilterSubject, decidedBy decisive: Bool) -> Bool? {
        var isKnown = true
        for part in parts {
            guard let fits = fits(part, subject) else {
                isKnown = false
                continue
            }
            if fits == decisive { return decisive }
        }
        return isKnown ? !decisive : nil
    }

    private func holds(_ index: Int) -> Bool? {
        guard tooMuch < Self.tooMuchLimit else { return nil }
        if let holds = evaluator.holds(index) { return holds }
        tooMuch += 1
        return nil
    }

    // MARK: What a packet does not say itself

    /// An answer may be empty: it is about what was asked.
    private func protocols(of subject: FilterSubject, _ packet: PacketRecord) -> Set<String> {
        var namespaces = subject.element.map(PacketNamespaces.of) ?? PacketNamespaces.of(subject.root)
        let connection = subject.connection
        if let asked = packet.answers, let request = requests[connection]?.removeValue(forKey: asked) {
            namespaces.formUnion(request)
        } else if let number = packet.number, subject.root?.isRequest == true,
            requests[connection]?.count ?? 0 < Self.requestLimit
        {
            requests[connection, default: [:]][number] = namespaces
        }
        return namespaces
    }

    private func addresses(of subject: FilterSubject, _ packet: PacketRecord) -> [String] {
        if let account = packet.client?.account { clients[subject.connection] = account }
        let said =
            subject.element.map(StanzaAddresses.said) ?? [subject.root?.from, subject.root?.to].compactMap(\.self)
        guard let client = clients[subject.connection], let root = subject.root else { return said }
        return said + StanzaAddresses.implied(root, packet.direction, client: client)
    }
}
