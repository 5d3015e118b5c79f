import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Streams in a compact form in the place of text (XEP-0322), as far as it is agreed upon in text.
    static let compactXML: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0322",
            "Efficient XML Interchange (EXI) Format",
            ["http://jabber.org/protocol/compress/exi"]
        )
        entry.teller = { StatelessTeller(body: tellCompactXML) }
        return entry
    }()
}

private func tellCompactXML(_ element: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard place == .nonza else { return nil }
    let who = scene.sender(of: packet).start
    let schemas = element.children.count { $0.name == "schema" }
    let with = schemas == 0 ? "" : ", with \(counted(schemas, "schema"))"
    let id = element["configurationId"]?.nonEmpty?.shown(limit: 40)
    let url = element["url"]?.nonEmpty?.shown(limit: 100) ?? "an address that is missing"
    let clause: String
    switch element.name {
    case "setup":
        clause =
            id.map { "wants the compact form of XML (EXI) with the settings \($0)" }
            ?? "proposes settings for the compact form of XML (EXI)\(with)"
    case "setupResponse":
        let agreed = ["true", "1"].contains(element["agreement"])
        let under = id.map { ", to be called \($0)" } ?? ""
        let missing = element.children.count { $0.name == "missingSchema" }
        clause =
            agreed
            ? "agrees to the settings for the compact form (EXI)\(under)"
            : "answers with the settings that it can do for the compact form (EXI)\(with)"
                + (missing == 0 ? "" : "; it lacks \(counted(missing, "schema"))")
    case "uploadSchema":
        clause = "sends a schema for the compact form (EXI), \(Say.bytes(String(Say.decodedSize(element.text))) ?? "")"
    case "downloadSchema": clause = "asks to fetch a schema for the compact form (EXI) from \(url)"
    case "downloadSchemaResponse":
        let isDone = ["true", "1"].contains(element["result"])
        let why = element.firstChild().map { " (\(reason($0)))" } ?? ""
        clause = isDone ? "has fetched the schema from \(url)" : "could not fetch the schema from \(url)\(why)"
    case "streamStart": clause = "opens its stream in the compact form (EXI)"
    case "streamEnd": clause = "closes its stream in the compact form (EXI)"
    default: return nil
    }
    return Telling("\(who) \(clause) (XEP-0322).")
}

/// Why a schema could not be fetched: `HTTP 404 NotFound`.
private func reason(_ fault: Element) -> String {
    if fault.name == "httpError" {
        return "HTTP \((fault["code"] ?? "").shown(limit: 10)) \((fault["message"] ?? "").shown(limit: 60))"
    }
    let message = fault["message"] ?? fault["contentTypeReturned"]
    return fault.name.shown(limit: 40) + (message?.nonEmpty.map { ": \($0.shown(limit: 60))" } ?? "")
}
