import Conversation
import XMLStream
import XMPP

/// One connection of a replay as the client: its state, and what came on it that nobody has looked at yet.
struct LiveConnection {
    enum State: Equatable {
        case connecting
        case open
        /// A TLS handshake goes on.
        case securing
        case closed
    }

    /// A packet of the server.
    struct Arrival: Equatable {
        /// Its number is that of the replay's transcript.
        let packet: RecordedPacket
        /// True once it was found to be expected by no step.
        var isUnexpected = false
    }

    /// A STARTTLS negotiation that is not in the recording.
    enum Detour: Equatable {
        case asked
        case agreed
        case reopened
    }

    var state = State.connecting
    var isSecured = false
    var parser = StreamParser()
    /// Bytes of the current parser that were recorded.
    var recordedBytes = 0
    /// Bytes that were given to the current parser.
    var fedBytes = 0
    /// Packets of both directions so far: numbers as in the transcript.
    var packetCount = 0
    var arrivals: [Arrival] = []
    /// The header that was sent last, for a stream that has to be opened again.
    var sentHeader: [UInt8] = []
    /// How that header names things.
    var syntax: StreamSyntax?
    /// The server's last header and features.
    var header: Element?
    var features: Element?
    /// True from the client's header until the server's header and features have come.
    var awaitsFeatures = false
    var detour: Detour?
    var login: Login?
    /// Nothing more of the recording can be replayed here.
    var isAbandoned = false
    var outputIsClosed = false
    /// The client's end is due once the server has said what it had to say.
    var closesLater = false
    var serverHasClosed = false
    /// It did not end in time, and nobody waits for it any more.
    var isGivenUp = false
    var hasSentEnd = false
    /// Stanzas that came since stream management was enabled (XEP-0198 section 4); nil before.
    var countedStanzas: UInt32?

    var canSend: Bool { state == .open && !outputIsClosed && !isAbandoned }

    /// A stream of its own follows, inside TLS.
    mutating func beginAnew() {
        parser = StreamParser()
        recordedBytes = 0
        fedBytes = 0
        features = nil
        header = nil
    }

    mutating func nextNumber() -> Int {
        packetCount += 1
        return packetCount
    }

    /// Counts what stream management counts: stanzas, not nonzas.
    mutating func count(_ element: Element) {
        if element.is("enabled", NS.streamManagement3) || element.is("enabled", NS.streamManagement2) {
            countedStanzas = 0
        } else if ["iq", "message", "presence"].contains(element.name), element.namespace == NS.client {
            countedStanzas = countedStanzas.map { $0 &+ 1 }
        }
    }
}
