import Session
import XMLStream
import XMPP

/// One stanza with the element that a teller is asked about: who says it to whom, and what it answers.
struct Exchange {
    /// What the stanza is to the talk of the two.
    enum Turn {
        case get, set, result, refusal(StanzaError), message, presence
    }

    let turn: Turn
    let stanza: Element
    /// What is asked about: the payload, or that of the request where an answer has none.
    let element: Element
    let packet: Packet
    let speaker: Party
    let addressee: Party
    let request: Request?
    /// The payload of the request; in a refusal without its request what the refusal repeats of it.
    let asked: Element?
    /// The payload of an answer that has one.
    let answer: Element?

    /// Nil for what is no stanza, and for an error without any `<error/>`, which is told in general words.
    init?(_ element: Element, _ place: Place, _ packet: Packet, _ scene: Scene) {
        guard let stanza = packet.element else { return nil }
        var (request, asked, answer): (Request?, Element?, Element?) = (nil, nil, nil)
        switch place {
        case .nonza: return nil
        case .message: turn = .message
        case .presence: turn = .presence
        case .request: turn = stanza["type"] == "set" ? .set : .get
        case .answer(let answered):
            request = answered
            asked = answered?.element.firstChild()
            let own = stanza.firstChild { !$0.is("error", stanza.namespace) }
            if stanza["type"] == "error" {
                guard let error = StanzaError(of: stanza) else { return nil }
                asked = asked ?? own
                turn = .refusal(error)
            } else {
                answer = own
                turn = .result
            }
        }
        self.stanza = stanza
        self.element = element
        self.packet = packet
        (self.request, self.asked, self.answer) = (request, asked, answer)
        speaker = scene.speaker(of: stanza, in: packet)
        addressee = scene.addressee(of: stanza, in: packet)
    }

    /// Who says it, at the beginning of a sentence.
    var who: String { speaker.start }
    /// To whom.
    var whom: String { addressee.name }
    var namespace: String { element.namespace }
    /// `011`, the request that is answered; nil if it was not seen.
    var number: String? { request.map { padded($0.number) } }

    func child(_ name: String) -> Element? { element.child(name) }
    /// The text of a child; nil if there is none or it is empty.
    func text(_ name: String) -> String? { element.child(name)?.text.trimmed.nonEmpty }

    /// What is refused and why, with the other side's own words.
    ///
    /// - Parameters:
    ///   - what: for the middle of a sentence: `the upload of "x"`.
    ///   - why: a clause that is better than that of the error.
    ///   - remedy: sentences that begin with a blank.
    func refused(_ what: String, _ error: StanzaError, why: String? = nil, remedy: String = "") -> Telling {
        // The error bears the address that was asked, but a server on the way made it (RFC 6120 section 8.3.1).
        let isLost = packet.direction == .serverToClient && speaker.role != .server && error.isOfDelivery
        let start = isLost ? "\(capitalized(what)) did not reach \(speaker.name)" : "\(who) refuses \(what)"
        return Telling("\(start): \(why ?? error.told).\(error.says)\(remedy)".collapsingStops, error.findings)
    }
}

extension ProtocolEntry {
    /// Tells its stanzas by that function, without a state.
    mutating func tells(_ body: @escaping @Sendable (Exchange, inout Scene) -> Telling?) {
        teller = {
            StatelessTeller { element, place, packet, scene in
                Exchange(element, place, packet, scene).flatMap { body($0, &scene) }
            }
        }
    }
}
