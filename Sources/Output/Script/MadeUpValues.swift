import Conversation
import XMLStream
import XMPP

/// Which values of a recording's stanzas a server made up, so that another run has others there.
///
/// A value that a client has said before is not made up, wherever it stands: the server only repeats it.
struct MadeUpValues {
    /// What clients have said so far.
    private var said: Set<String> = []
    /// Values that servers have made up so far.
    private var madeUp: Set<String> = []
    private let places = VolatileValues.standard

    /// Takes in the values that a client says in a stanza, but for those that it only repeats.
    mutating func hear(_ element: Element) {
        said.formUnion(([element.trimmedText] + element.attributes.map(\.value)).filter { !madeUp.contains($0) })
        for child in element.children { hear(child) }
    }

    /// Takes in the values that a server makes up in a stanza.
    mutating func take(_ element: Element, isRoot: Bool = true) {
        if isMadeUp(textOf: element) { madeUp.insert(element.trimmedText) }
        for attribute in element.attributes where isMadeUp(attribute, of: element, isRoot: isRoot) {
            // A count of seconds is nobody's name.
            if !Self.isUptime(attribute.name, element) { madeUp.insert(attribute.value) }
        }
        for child in element.children { take(child, isRoot: false) }
    }

    /// True if a client repeats what a server has made up.
    func isRepeated(in element: Element) -> Bool {
        madeUp.contains(element.trimmedText) || element.attributes.contains { madeUp.contains($0.value) }
            || element.children.contains(where: isRepeated)
    }

    /// True if a server made the attribute up.
    ///
    /// - Parameter isRoot: whether the element is the stanza itself.
    func isMadeUp(_ attribute: Attribute, of element: Element, isRoot: Bool) -> Bool {
        // A count of seconds may be a number that somebody has said of something else.
        if Self.isUptime(attribute.name, element) { return true }
        guard attribute.namespace.isEmpty, !said.contains(attribute.value) else { return false }
        if isRoot { return attribute.name == "id" }
        // Codes of states and errors are the same everywhere.
        if places.isMadeUp(attribute: attribute.name, of: element), attribute.name != "code" { return true }
        return ComparisonRules.looksMadeUp(attribute.value) && !Self.isKnown(attribute.name)
    }

    /// True if a server made the text up.
    func isMadeUp(textOf element: Element) -> Bool {
        let text = element.trimmedText
        guard !text.isEmpty, !said.contains(text), element.namespace != NS.client else { return false }
        return places.isMadeUp(textOf: element) || Self.isArchiveID(element) || Self.isSlot(element)
            || ComparisonRules.looksMadeUp(text)
    }

    /// Names of things, which look like tokens at times.
    private static func isKnown(_ name: String) -> Bool { ["var", "node", "name", "type"].contains(name) }

    /// How long a server or an account has been up or away (XEP-0012).
    private static func isUptime(_ attribute: String, _ element: Element) -> Bool {
        attribute == "seconds" && element.is("query", "jabber:iq:last")
    }

    /// Where a page of results begins and ends (XEP-0059): ids that the archive or the service has given.
    private static func isArchiveID(_ element: Element) -> Bool {
        element.namespace == "http://jabber.org/protocol/rsm" && ["first", "last"].contains(element.name)
    }

    /// What an upload goes to, and what lets it pass (XEP-0363).
    private static func isSlot(_ element: Element) -> Bool {
        switch element.namespace {
        case "urn:xmpp:http:upload:0": element.name == "header"
        case "urn:xmpp:http:upload": element.name == "put" || element.name == "get"
        default: false
        }
    }
}
