import Session
import XMLStream
import XMPP

/// What `<a/>` says, and whether that can be.
extension StreamManagementTeller {
    /// What `h=` counts, for the middle of a sentence.
    static func shownCount(_ element: Element) -> String {
        guard let h = element["h"] else { return "an unnamed number of stanzas" }
        return h == "1" ? "1 stanza" : "\(h.shown(limit: 20)) stanzas"
    }

    func acknowledged(_ element: Element, _ packet: Packet, _ scene: Scene) -> Telling {
        let sender = scene.sender(of: packet)
        guard let h = element["h"].flatMap({ UInt32($0) }) else {
            let what = element["h"] == nil ? "there is no h=" : "h= is no number"
            return Telling(
                "\(sender.start) acknowledges without saying how many stanzas it has received.",
                [Finding(.handledMissing, "\(what), which must tell how many were received (XEP-0198 section 4).")]
            )
        }
        var telling = Telling("\(sender.start) has received \(Self.shownCount(element)).")
        let direction = packet.direction.opposite
        guard let session, let queue = session.queue(direction) else { return telling }
        let place = PacketPlace(connection: scene.connection, packet: packet.number)
        if queue.isTooHigh(h) {
            // What was not read may have been sent.
            guard packet.otherDirectionIsReadable, !packet.beginsInMiddle else { return telling }
            session.change(direction) { $0.acknowledge(h, by: place) }
            telling.findings.append(tooHigh(h, queue, direction, Self.shownCount(element), scene))
            return telling
        }
        session.change(direction) { $0.acknowledge(h, by: place) }
        if queue.falls(h), let last = queue.acknowledged {
            telling.findings.append(
                Finding(
                    .handledFell,
                    "it acknowledged \(last.h) in \(last.place.told(from: scene.connection)) already; the count never goes back (XEP-0198 section 4)."
                )
            )
        } else {
            telling.text += outstanding(behind: h, queue, scene)
            if let lag = session.queue(direction)?.lag, let finding = lagging(lag, scene) {
                telling.findings.append(finding)
            }
        }
        return telling
    }

    private func outstanding(behind h: UInt32, _ queue: StanzaQueue, _ scene: Scene) -> String {
        let open = queue.outstanding(behind: h)
        if open.isEmpty { return h == 0 ? "" : " Nothing is outstanding." }
        return " Not acknowledged yet: \(open.lazy.map(\.place).told(from: scene.connection))."
    }

    /// The first wrong count is told with what it may come from, a later one only as still wrong.
    private func tooHigh(
        _ h: UInt32,
        _ queue: StanzaQueue,
        _ direction: Direction,
        _ acknowledged: String,
        _ scene: Scene
    ) -> Finding {
        let sent =
            switch queue.sent {
            case 0: "none was sent"
            case 1: "only 1 was sent"
            default: "only \(queue.sent) were sent"
            }
        let excess = h &- queue.sent
        var text = "it acknowledges \(acknowledged), but \(sent) since stream management began"
        if let earlier = queue.excess, earlier.count == excess {
            text += "; it is \(excess) too high since \(earlier.since.told(from: scene.connection))"
        } else if let right = queue.lastRight {
            text +=
                "; the count was right in \(right.place.told(from: scene.connection)), so what it counts too much came after that"
        } else if excess == earlier(direction) {
            text += "; \(excess) \(excess == 1 ? "was" : "were") sent before it, which must not be counted"
        }
        return Finding(.handledTooMuch, text + " (XEP-0198 section 6).")
    }

    /// After so many answers in a row that stay behind by the same it is not the way that takes time.
    private static var answersToLag: Int { 3 }

    /// Told once, for a count that stays behind.
    private func lagging(_ lag: StanzaQueue.Lag, _ scene: Scene) -> Finding? {
        guard lag.answers == Self.answersToLag, let since = lag.since else { return nil }
        return Finding(
            .handledBehind,
            "each answer since \(since.told(from: scene.connection)) is \(lag.count) behind what had been sent when it was asked for: "
                + "\(counted(Int(lag.count), "stanza")) before \(since.told(from: scene.connection)) \(lag.count == 1 ? "is" : "are") not counted as handled (XEP-0198 section 4)."
        )
    }
}

extension FindingCode {
    static let handledTooMuch = warning(
        "sm.handled.too-high",
        "XEP-0198 section 6",
        "More stanzas are acknowledged than were sent. The other side must end the stream; one of the two counts what does not count, such as nonzas."
    )
    static let handledFell = warning(
        "sm.handled.fell",
        "XEP-0198 section 4",
        "The number of acknowledged stanzas went down, which it never may within a session."
    )
    static let handledMissing = warning(
        "sm.handled.missing",
        "XEP-0198 section 4",
        "An acknowledgement must tell in h= how many stanzas were received."
    )
    static let handledBehind = note(
        "sm.handled.behind",
        "XEP-0198 section 4",
        "Three answers in a row count the same number of stanzas too few, although these had been sent before the questions. A stanza was lost, or one of the two does not count it; after a break it will be sent again."
    )
}
