import Conversation
import XMLStream
import XMPP

/// How a recorded server behaves: what it says at the beginning of each stage, and to each request, of whatever connection.
public struct RecordedServer: Sendable {
    public private(set) var exchanges: [RecordedExchange] = []
    /// The server's headers and features by stage, the first recorded ones.
    public private(set) var headers: [StreamStage: RecordedPacket] = [:]
    public private(set) var features: [StreamStage: RecordedPacket] = [:]
    /// What the server answered to logins that failed, the first one first.
    public private(set) var loginFailures: [RecordedPacket] = []
    public private(set) var hasLoginSuccess = false
    public private(set) var proceed: RecordedPacket?
    public let accounts: RecordedAccounts
    /// The numbers of the recorded connections.
    public let connections: [Int]

    public init(_ conversation: RecordedConversation) {
        accounts = RecordedAccounts(conversation)
        connections = conversation.connections
        var stages: [Int: StreamStage] = [:]
        /// The last exchange of each connection that what comes is a consequence of.
        var last: [Int: Int] = [:]
        /// Connections on which the client has ended its stream: then it is not the server that ends.
        var ended: Set<Int> = []
        for step in conversation.steps {
            let connection = step.connection
            switch step.event {
            case .opened:
                stages[connection] = StreamStage()
                last[connection] = nil
                ended.remove(connection)
            case .secured: stages[connection, default: StreamStage()].isSecured = true
            case .packet(let packet) where packet.direction == .clientToServer:
                if packet.kind == .end { ended.insert(connection) }
                read(client: packet, connection, stages[connection] ?? StreamStage(), &last[connection])
            case .packet(let packet):
                read(server: packet, connection, &stages[connection, default: StreamStage()], last[connection])
            case .closed(.serverToClient), .reset(.serverToClient):
                if let index = last[connection], !ended.contains(connection) { exchanges[index].endsConnection = true }
            case .keepAlive, .closed, .reset, .unreadable, .damaged, .receives, .receivesNothing: break
            }
        }
    }

    private mutating func read(
        client packet: RecordedPacket,
        _ connection: Int,
        _ stage: StreamStage,
        _ last: inout Int?
    ) {
        guard let element = packet.element, !element.isNegotiation, !element.isAcknowledgement else {
            return
        }
        if element.name == "iq", element.isAnswer { return }
        last = exchanges.count
        exchanges.append(
            RecordedExchange(
                connection: connection,
                stage: stage,
                request: packet,
                user: accounts.logins[connection],
                session: accounts.sessions[connection]
            )
        )
    }

    private mutating func read(
        server packet: RecordedPacket,
        _ connection: Int,
        _ stage: inout StreamStage,
        _ last: Int?
    ) {
        switch packet.kind {
        case .header: if headers[stage] == nil { headers[stage] = packet }
        case .end, .oversized: break
        case .element(let element):
            if element.is("features", NS.streams) {
                if features[stage] == nil { features[stage] = packet }
            } else if element.is("proceed", NS.tls) {
                proceed = proceed ?? packet
            } else if element.isNegotiation {
                readLogin(packet, element, &stage)
            } else if !element.isAcknowledgement, let index = exchange(for: element, last) {
                exchanges[index].answers.append(packet)
            }
        }
    }

    private mutating func readLogin(_ packet: RecordedPacket, _ element: Element, _ stage: inout StreamStage) {
        if element.name == "success" {
            stage.isLoggedIn = true
            hasLoginSuccess = true
        } else if element.name == "failure" {
            loginFailures.append(packet)
        }
    }

    /// The exchange that the server's packet belongs to: of an answer its request, of a delivered message the message.
    private func exchange(for element: Element, _ last: Int?) -> Int? {
        guard let last else { return nil }
        let recent = exchanges.indices.suffix(64).reversed()
        if element.name == "iq", element.isAnswer, let id = element["id"] {
            return recent.first { exchanges[$0].element?["id"] == id && exchanges[$0].element?.name == "iq" } ?? last
        }
        if element.name == "message" || element.name == "presence" {
            return recent.first { exchanges[$0].element?.name == element.name && $0 + 8 > last } ?? last
        }
        return last
    }
}
