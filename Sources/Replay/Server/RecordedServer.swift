import Conversation
import XMLStream
import XMPP

/// How a recorded server behaves: what it says at the beginning of each stage, and to each request, of whatever connection.
public struct RecordedServer: Sendable {
    public private(set) var exchanges: [RecordedExchange] = []
    /// The server's headers and features, the first recorded ones of each place.
    public private(set) var headers: [StreamPlace: RecordedPacket] = [:]
    public private(set) var features: [StreamPlace: RecordedPacket] = [:]
    /// What the server answered to logins that failed, the first one first.
    public private(set) var loginFailures: [RecordedPacket] = []
    public private(set) var hasLoginSuccess = false
    public private(set) var proceed: RecordedPacket?
    /// The connections on which a login succeeded, in that order.
    private var loggedIn: [Int] = []
    /// The namespace in which it acknowledges once more behind the client's end (XEP-0198 section 4); nil if it does not.
    public private(set) var lastAcknowledgement: String?
    public let accounts: RecordedAccounts
    /// The numbers of the recorded connections.
    public let connections: [Int]

    /// What is known of a connection while the recording is read.
    private struct Reading {
        var place = StreamPlace()
        /// Its exchanges so far.
        var exchanges: [Int] = []
        /// The client has ended its stream: then it is not the server that ends.
        var clientHasEnded = false
    }

    public init(_ conversation: RecordedConversation) {
        accounts = RecordedAccounts(conversation)
        connections = conversation.connections
        var readings: [Int: Reading] = [:]
        for step in conversation.steps {
            let connection = step.connection
            switch step.event {
            case .opened: readings[connection] = Reading()
            case .secured: readings[connection, default: Reading()].place.stage.isSecured = true
            case .packet(let packet) where packet.direction == .clientToServer:
                read(client: packet, connection, &readings[connection, default: Reading()])
            case .packet(let packet):
                read(server: packet, connection, &readings[connection, default: Reading()])
            case .closed(.serverToClient), .reset(.serverToClient):
                if let reading = readings[connection], let last = reading.exchanges.last, !reading.clientHasEnded {
                    exchanges[last].endsConnection = true
                }
            case .keepAlive, .closed, .reset, .unreadable, .damaged, .receives, .receivesNothing, .awaitsEnd,
                .absent:
                break
            }
        }
    }

    /// The recorded connections on which that user logged in, or with nil those of guests (ANONYMOUS), in order.
    func logins(of user: String?) -> [Int] { loggedIn.filter { accounts.logins[$0] == user } }

    private mutating func read(client packet: RecordedPacket, _ connection: Int, _ reading: inout Reading) {
        if packet.kind == .end { reading.clientHasEnded = true }
        if let header = packet.header { reading.place.domain = header["to"] ?? reading.place.domain }
        guard let element = packet.element, !element.isNegotiation, !element.isAcknowledgement else { return }
        if element.name == "iq", element.isAnswer { return }
        reading.exchanges.append(exchanges.count)
        exchanges.append(
            RecordedExchange(
                connection: connection,
                place: reading.place,
                request: packet,
                user: accounts.logins[connection],
                session: accounts.sessions[connection]
            )
        )
    }

    private mutating func read(server packet: RecordedPacket, _ connection: Int, _ reading: inout Reading) {
        switch packet.kind {
        case .header: if headers[reading.place] == nil { headers[reading.place] = packet }
        case .end, .oversized: break
        case .element(let element):
            if element.is("features", NS.streams) {
                if features[reading.place] == nil { features[reading.place] = packet }
            } else if element.is("proceed", NS.tls) {
                proceed = proceed ?? packet
            } else if element.isNegotiation {
                readLogin(packet, element, &reading.place.stage)
                if element.name == "success", !loggedIn.contains(connection) { loggedIn.append(connection) }
            } else if element.isAcknowledgement {
                if element.name == "a", reading.clientHasEnded { lastAcknowledgement = element.namespace }
            } else if let index = exchange(for: element, reading.exchanges) {
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

    /// The exchange of the connection that the server's packet belongs to: of an answer its request, of a delivered message
    /// the message.
    private func exchange(for element: Element, _ own: [Int]) -> Int? {
        if element.name == "iq", element.isAnswer, let id = element["id"] {
            return own.suffix(64).last { exchanges[$0].element?["id"] == id && exchanges[$0].element?.name == "iq" }
                ?? own.last
        }
        if element.name == "message" || element.name == "presence" {
            return own.suffix(8).last { exchanges[$0].element?.name == element.name } ?? own.last
        }
        if element.namespace != NS.client {
            // An answer to what is no stanza, such as <enabled/>, is of the same protocol.
            return own.suffix(8).last { exchanges[$0].element?.namespace == element.namespace } ?? own.last
        }
        return own.last
    }
}
