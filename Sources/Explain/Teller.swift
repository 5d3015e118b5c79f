import Session
import XMLStream
import XMPP

/// Where an element stands that a teller is asked about.
enum Place: Equatable {
    /// Alone at the top of the stream, and no stanza.
    case nonza
    /// The payload of an iq of type get or set.
    case request
    /// The payload of an answer (a result or an error), or that of its request where it has none itself.
    case answer(Request?)
    /// A child of a message.
    case message
    /// A child of a presence.
    case presence
}

/// Tells what the elements of one protocol do, with the state that it needs, for one connection.
///
/// Adding a protocol is one file with a teller and a `ProtocolEntry`, and one row in `ProtocolTable`.
protocol Teller {
    /// What a packet does by this element; nil if the teller has nothing to say, so that the general words are told.
    ///
    /// For a message or a presence the first child whose teller knows something to say tells all of it; where none does, a message
    /// is told by the parts that its children add (`ProtocolEntry.part`).
    mutating func tell(_ element: Element, at place: Place, in packet: Packet, _ scene: inout Scene) -> Telling?

    /// Shown every packet, before it is told. Only asked if the entry says `isReferee`.
    mutating func pass(_ packet: Packet, _ scene: inout Scene) -> [Finding]
}

extension Teller {
    mutating func pass(_ packet: Packet, _ scene: inout Scene) -> [Finding] { [] }
}

/// A teller without a state.
struct StatelessTeller: Teller {
    let body: @Sendable (Element, Place, Packet, inout Scene) -> Telling?

    func tell(_ element: Element, at place: Place, in packet: Packet, _ scene: inout Scene) -> Telling? {
        body(element, place, packet, &scene)
    }
}
