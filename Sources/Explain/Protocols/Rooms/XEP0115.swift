import SASL
import Session
import XMLStream
import XMPP

extension NS {
    /// Entity Capabilities 2.0 (XEP-0390).
    static let capabilities2 = "urn:xmpp:caps"
    static let hashes = "urn:xmpp:hashes:2"
}

extension ProtocolEntry {
    /// The hash of capabilities (XEP-0115).
    static let capabilities: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0115", "Entity Capabilities", [NS.capabilities])
        entry.codes = [.capabilitiesIncomplete] + FindingCode.capabilityForms
        entry.feature = { _ in .clause("a hash of its capabilities (XEP-0115)") }
        return entry
    }()

    /// The hashes of capabilities in their second form (XEP-0390).
    static let capabilities2: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0390", "Entity Capabilities 2.0", [NS.capabilities2])
        entry.feature = { _ in .clause("hashes of its capabilities (XEP-0390)") }
        entry.teller = { StatelessTeller(body: tellGratuitous) }
        return entry
    }()
}

extension FindingCode {
    static let capabilitiesIncomplete = warning(
        "capabilities.incomplete",
        "XEP-0115 section 4",
        "What is asked about, and kept, is the node with the version behind a #. Without one of them the capabilities cannot be found out by it."
    )
}

/// A client that gives its server the hashes without presence (XEP-0390 section 5.6).
private func tellGratuitous(_ element: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element, element.name == "c" else { return nil }
    let speaker = scene.speaker(of: iq, in: packet)
    switch place {
    case .request where iq["type"] == "set":
        return Telling(
            "\(speaker.start) tells \(scene.addressee(of: iq, in: packet).name) the hashes of its capabilities, without presence\(scene.cite("XEP-0390"))."
        )
    case .answer where iq["type"] == "result":
        return Telling("\(speaker.start) has taken the hashes of the capabilities.")
    case .answer where iq["type"] == "error":
        return People.refusal(
            iq,
            packet,
            scene,
            does: "does not take the hashes of the capabilities",
            noun: "the hashes of the capabilities"
        )
    case .request, .answer, .nonza, .message, .presence: return nil
    }
}

/// The node of a question for what stands behind a hash: `https://gajim.org#…` or `urn:xmpp:caps#sha-256.…`.
struct CapabilityNode {
    /// What stands before the `#`: mostly an address of the program.
    let program: String?
    /// The hash function, where the node names it.
    let function: String?
    let hash: String

    /// Nil for any other node.
    init?(_ node: String) {
        guard let sharp = node.utf8.lastIndex(of: UInt8(ascii: "#")) else { return nil }
        let start = String(node[..<sharp])
        let rest = String(node[node.utf8.index(after: sharp)...])
        if start == NS.capabilities2 {
            guard let dot = rest.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
            (program, function) = (nil, String(rest[..<dot]))
            hash = String(rest[rest.utf8.index(after: dot)...])
        } else {
            guard rest.utf8.count >= 24, rest.utf8.last == UInt8(ascii: "="), rest.utf8.allSatisfy(isBase64) else {
                return nil
            }
            (program, function, hash) = (start, nil, rest)
        }
        if hash.isEmpty { return nil }
    }

    /// The first letters of the hash.
    var short: String { Self.short(hash) }
    /// ` of gajim.org`, or nothing.
    var of: String { program.flatMap(\.nonEmpty).map { " of \(Self.name(ofProgram: $0))" } ?? "" }

    static func short(_ hash: String) -> String { hash.shown(limit: 4) }

    /// `https://gajim.org/` is better read as `gajim.org`.
    static func name(ofProgram node: String) -> String {
        guard let colon = node.utf8.firstIndex(of: UInt8(ascii: ":")), node.utf8[colon...].starts(with: "://".utf8)
        else { return node.shown(limit: 60) }
        let rest = node[node.utf8.index(colon, offsetBy: 3)...]
        return String(rest.hasSuffix("/") ? rest.dropLast() : rest).shown(limit: 60)
    }
}

private func isBase64(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="):
        true
    default: false
    }
}

/// Whether an answer is what the hash stands for that was asked about; nil if the node is of no hash.
func checkCapabilities(_ query: Element, _ node: String, _ packet: Packet, _ scene: inout Scene)
    -> (text: String, findings: [Finding])?
{
    let announced = scene.people.capabilities[node]
    guard let asked = CapabilityNode(node) else { return announced == nil ? nil : ("", []) }
    // The hash function is named by the announcement; without one it is known by the length, which is no ground for blame.
    let function = asked.function ?? announced?.hash ?? (asked.hash.utf8.count == 28 ? "sha-1" : "")
    let rule = asked.function == nil ? "XEP-0115 section 5.4" : "XEP-0390 section 6.2.1"
    if asked.function == nil, let flaw = CapabilityHash.flaw(of: query), announced?.hash != nil {
        let text = "\(flaw); who keeps the answer must not do so for others with the same hash (\(rule))."
        scene.people.answer(node, packet.number, fits: false)
        return ("", [Finding(.capabilitiesIllFormed, text)])
    }
    guard let hash = CapabilityHash.of(query, function, isSecondForm: asked.function != nil) else { return ("", []) }
    if hash == asked.hash {
        scene.people.answer(node, packet.number, fits: true)
        let of = announced.map { " of \(padded($0.packet))" } ?? ""
        return (" The hash\(of) fits this answer\(scene.cite(asked.function == nil ? "XEP-0115" : "XEP-0390")).", [])
    }
    guard let announced, announced.hash != nil || asked.function != nil else { return ("", []) }
    // Who has changed in the meantime may answer with what is true now.
    if let last = scene.people.lastAnnounced(by: packet.element?["from"] ?? ""), last != node,
        last.hasSuffix("#\(hash)")
    {
        scene.people.answer(last, packet.number, fits: true)
        return (" It fits the hash that was announced since, not the one that was asked about.", [])
    }
    scene.people.answer(node, packet.number, fits: false)
    return (
        "",
        [
            Finding(
                .capabilitiesHash,
                "the hash of this answer is not the \(asked.short) that \(padded(announced.packet)) announced; nobody may keep the answer for others with that hash (\(rule))."
            )
        ]
    )
}

/// The hash over an answer of service discovery.
enum CapabilityHash {
    /// The hash in base64; nil if the function is none that stanzatap has.
    static func of(_ query: Element, _ function: String, isSecondForm: Bool) -> String? {
        NamedDigest.base64(function, of: isSecondForm ? secondInput(query) : firstInput(query))
    }

    /// Why no hash may be made of an answer (XEP-0115 section 5.4), a clause; nil if it is in order.
    static func flaw(of query: Element) -> String? {
        var (identities, features, types): (Set<[String]>, Set<String>, Set<String>) = ([], [], [])
        for child in query.children {
            switch child.name {
            case "identity":
                if !identities.insert(parts(of: child)).inserted { return "the answer has the same identity twice" }
            case "feature":
                guard let feature = child["var"] else { continue }
                if !features.insert(feature).inserted {
                    return "the answer has the feature \(feature.quoted(limit: 80)) twice"
                }
            case "x" where child.namespace == NS.dataForms:
                guard let type = formType(child) else { continue }
                if !types.insert(type).inserted {
                    return "the answer has two forms of the type \(type.quoted(limit: 80))"
                }
            default: break
            }
        }
        return nil
    }

    private static func parts(of identity: Element) -> [String] {
        [identity["category"] ?? "", identity["type"] ?? "", identity.language ?? "", identity["name"] ?? ""]
    }

    private static func formType(_ form: Element) -> String? {
        let field = form.children.first { $0.name == "field" && $0["var"] == "FORM_TYPE" && $0["type"] == "hidden" }
        return field?.child("value")?.text
    }

    private static func values(of field: Element) -> [[UInt8]] {
        sorted(field.children.filter { $0.name == "value" }.map { Array($0.text.utf8) })
    }

    /// In the order of bytes (i;octet).
    private static func sorted(_ texts: [[UInt8]]) -> [[UInt8]] { texts.sorted { $0.lexicographicallyPrecedes($1) } }

    /// What is hashed by XEP-0115 section 5.1.
    private static func firstInput(_ query: Element) -> [UInt8] {
        let end = UInt8(ascii: "<")
        let identities = query.children.filter { $0.name == "identity" }.map {
            Array(parts(of: $0).joined(separator: "/").utf8)
        }
        let features = query.children.filter { $0.name == "feature" }.map { Array(($0["var"] ?? "").utf8) }
        var input = (sorted(identities) + sorted(features)).flatMap { $0 + [end] }
        let forms = query.children.filter { $0.is("x", NS.dataForms) }
            .compactMap { form in formType(form).map { (type: Array($0.utf8), form: form) } }
            .sorted { $0.type.lexicographicallyPrecedes($1.type) }
        for (type, form) in forms {
            input += type + [end]
            let fields = form.children.filter { $0.name == "field" && $0["var"] != "FORM_TYPE" }
                .map { (name: Array(($0["var"] ?? "").utf8), field: $0) }
                .sorted { $0.name.lexicographicallyPrecedes($1.name) }
            for (name, field) in fields {
                input += name + [end]
                for value in values(of: field) { input += value + [end] }
            }
        }
        return input
    }

    /// What is hashed by XEP-0390 section 4.1.
    private static func secondInput(_ query: Element) -> [UInt8] {
        let features = query.children.filter { $0.name == "feature" }.map { ended($0["var"] ?? "") }
        let identities = query.children.filter { $0.name == "identity" }
            .map { identity -> [UInt8] in parts(of: identity).flatMap(ended) + [0x1E] }
        let forms = query.children.filter { $0.is("x", NS.dataForms) }.map { form -> [UInt8] in
            let fields = form.children.filter { $0.name == "field" }.map { field -> [UInt8] in
                let values: [UInt8] = values(of: field).flatMap { $0 + [0x1F] }
                return ended(field["var"] ?? "") + values + [0x1E]
            }
            return sorted(fields).flatMap { $0 } + [0x1D]
        }
        var input: [UInt8] = []
        for list in [features, identities, forms] { input += sorted(list).flatMap { $0 } + [0x1C] }
        return input
    }

    private static func ended(_ text: String) -> [UInt8] { Array(text.utf8) + [0x1F] }
}

extension FindingCode {
    static let capabilitiesHash = warning(
        "caps.hash.mismatch",
        "XEP-0115 section 5.4",
        "What somebody answers about its capabilities does not have the hash that it announced. It made the hash of something else, or somebody wants others to keep a false answer. Nobody may keep it for other addresses with that hash."
    )
    static let capabilitiesIllFormed = warning(
        "caps.answer.ill-formed",
        "XEP-0115 section 5.4",
        "An answer about capabilities has an identity, a feature or a type of form twice. No hash may be made of it, for different answers could have the same one."
    )
}
