import Conversation
import XMLStream
import XMPP

/// What stream management has counted on a session (XEP-0198 section 4), in this run and in the recording, whose replay may
/// send other stanzas: answers of its own, or none where some could not be sent.
struct StreamCounts: Equatable {
    /// Stanzas that came.
    var received: UInt32 = 0
    /// Stanzas that were sent.
    var sent: UInt32 = 0
    /// Stanzas that the recorded client had sent by then.
    var recordedSent: UInt32 = 0
    /// How many more were sent than recorded when each acknowledgement was asked for that has not come yet.
    var asked: [Int64] = []

    /// Requests beyond these are not answered by anybody.
    private static let limit = 1024

    private var surplus: Int64 { Int64(sent) - Int64(recordedSent) }

    mutating func ask() {
        if asked.count < Self.limit { asked.append(surplus) }
    }

    /// The `h` that is right now where this one was recorded, for the answer to a request or for what nobody asked for.
    mutating func expected(_ recorded: UInt32) -> UInt32 {
        let surplus = asked.isEmpty ? self.surplus : asked.removeFirst()
        return UInt32(truncatingIfNeeded: Int64(recorded) + surplus)
    }
}

extension Element {
    /// True for what stream management counts: stanzas, not nonzas.
    var isCounted: Bool { ["iq", "message", "presence"].contains(name) && namespace == NS.client }

    /// True for `<enable/>` and the like of either version.
    func isManagement(_ name: String) -> Bool {
        self.name == name && (namespace == NS.streamManagement3 || namespace == NS.streamManagement2)
    }

    /// The same element with another `h`.
    func withCount(_ count: UInt32) -> Element {
        let attributes = attributes.map { attribute in
            attribute.name == "h" ? Attribute(name: "h", value: String(count)) : attribute
        }
        return Element(
            name: name,
            namespace: namespace,
            attributes: attributes,
            declarations: declarations,
            nodes: nodes
        )
    }
}

extension ConnectionReplay {
    /// Counts a stanza that came; `<enabled/>` begins the counting.
    mutating func count(received element: Element) {
        if element.isManagement("enabled") {
            // The server counts from the request for it on, its own stanzas from here.
            if counts == nil { counts = StreamCounts() }
            counts?.received = 0
        } else if element.isCounted {
            counts?.received &+= 1
        }
    }

    /// Counts what is sent; the request for stream management begins the counting.
    mutating func count(sent element: Element) {
        if element.isManagement("enable") {
            counts = StreamCounts()
        } else if element.isCounted {
            counts?.sent &+= 1
        } else if element.isManagement("r") {
            counts?.ask()
        }
    }

    /// Counts what the recorded client sent, whether it can be sent now or not.
    mutating func count(recorded packet: RecordedPacket) {
        if packet.element?.isCounted == true { counts?.recordedSent &+= 1 }
    }

    /// A recorded packet of the server with the `h` that is right in this run.
    mutating func withExpectedCount(_ recorded: Element) -> Element {
        guard ["a", "resumed", "failed"].contains(where: recorded.isManagement), let text = recorded["h"],
            let count = UInt32(text), let expected = counts?.expected(count)
        else { return recorded }
        return recorded.withCount(expected)
    }

    /// What is counted goes on where the session is resumed, maybe on another connection.
    mutating func resumeCounts(_ element: Element, _ run: ReplayRun) {
        guard element.isManagement("resume"), let id = element["previd"] else { return }
        counts = run.managed[id]
        counts?.asked = []
        managedID = id
    }

    /// Keeps for others what was counted here.
    func keepCounts(_ run: inout ReplayRun) {
        if let managedID { run.managed[managedID] = counts }
    }
}
