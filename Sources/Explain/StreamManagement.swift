import XMLStream
import XMPP

/// Stream management (XEP-0198): acknowledgements and resumption, and both counters as stanzatap sees them.
struct StreamManagementExplainer {
    /// Stanzas sent in each direction since stream management was turned on there.
    private var sent: [Direction: UInt32] = [:]

    /// A stanza went by.
    mutating func counted(_ direction: Direction) {
        if let count = sent[direction] { sent[direction] = count &+ 1 }
    }

    /// A login by SASL2 may turn stream management on, or resume it, in the same step (XEP-0386, XEP-0198 section 8).
    mutating func began(with login: Element) {
        guard login.is("success", NS.sasl2) else { return }
        if login.child("bound", NS.bind2)?.child("enabled", NS.streamManagement3) != nil {
            sent = [.clientToServer: 0, .serverToClient: 0]
        }
    }

    mutating func explain(_ element: Element, _ direction: Direction) -> Telling {
        let sender = direction.sender
        switch element.name {
        case "enable":
            sent[.clientToServer] = 0
            let resume =
                ["true", "1"].contains(element["resume"]) ? ", so that a broken connection can be resumed" : ""
            return Telling("The client turns on stream management\(resume) (XEP-0198).")
        case "enabled":
            sent[.serverToClient] = 0
            let resume = element["id"] != nil ? " and lets the client resume after a break" : ""
            var findings: [Finding] = []
            if let location = element["location"] {
                findings.append(.note("the client shall resume at \(location.quoted()), past stanzatap."))
            }
            return Telling("The server turns on stream management\(resume).", findings)
        case "r":
            return Telling("The \(sender) asks how many stanzas have arrived.")
        case "a":
            return acknowledged(element, direction)
        case "resume":
            return Telling(
                "The client asks to resume an earlier session, having received \(handled(element)) stanzas of it."
            )
        case "resumed":
            return Telling(
                "The server resumes the earlier session; it had received \(handled(element)) stanzas of it."
            )
        case "failed":
            let reason = element.children.first?.name.shown(limit: 60) ?? "no reason given"
            return Telling("The server refuses stream management: \(reason).")
        default:
            return explainUnknown(element, direction)
        }
    }

    private func handled(_ element: Element) -> String { element["h"]?.shown(limit: 20) ?? "an unknown number of" }

    private func acknowledged(_ element: Element, _ direction: Direction) -> Telling {
        var findings: [Finding] = []
        if let h = element["h"].flatMap({ UInt32($0) }), let count = sent[direction.opposite], h > count {
            findings.append(
                .warning("it acknowledges \(h) stanzas, but only \(count) were sent since stream management began.")
            )
        }
        return Telling("The \(direction.sender) has received \(handled(element)) stanzas.", findings)
    }
}
