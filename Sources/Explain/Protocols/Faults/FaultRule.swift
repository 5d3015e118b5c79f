import XMLStream
import XMPP

/// One thing that a specification demands of an element, whoever sends it: a row of `FaultTable`.
struct FaultRule: Sendable {
    /// The shapes that rules ask for; each is checked by `FaultRule.fault(of:)`.
    enum Demand: Sendable {
        /// The attributes must be there, and must not be empty.
        case has([String])
        /// At least one of the attributes must be there.
        case hasOne([String])
        /// A request with it must be an iq of that type.
        case asked(String)
        /// The same of what stands deeper in the request.
        case askedInside(String)
        /// The attribute, where it is given, is a date and time of XEP-0082, in any time zone.
        case dateTime(String)
        /// The text of the child, where there is one, is a whole number from 0 on.
        case childNumber(String)
        /// The child elements must be there.
        case holds([String])
        /// The attribute, where it is given, is one of these words.
        case word(String, Set<String>)
        /// The attribute, where it is given, is a whole number in that range.
        case number(String, ClosedRange<Int>)
        /// The attribute, where it is given, is a date and time of XEP-0082 in UTC.
        case time(String)
        /// The text is base64 (RFC 4648).
        case base64
    }

    /// In which stanzas the rule holds, for the same element often asks and answers.
    enum Stanzas: Sendable {
        case any
        case iq(String)
        case requests
    }

    let element: String
    let demand: Demand
    /// Where the rule stands, as it is cited.
    let source: String
    let stanzas: Stanzas

    init(_ element: String, _ demand: Demand, _ source: String, in stanzas: Stanzas = .any) {
        self.element = element
        self.demand = demand
        self.source = source
        self.stanzas = stanzas
    }

    /// What is wrong with an element of that name in such a stanza; nil if nothing is.
    func fault(of it: Element, in stanza: Element) -> Finding? {
        guard it.name == element, holds(in: stanza) else { return nil }
        switch demand {
        case .has(let names):
            let missing = names.filter { it[$0]?.nonEmpty == nil }
            return missing.isEmpty
                ? nil : finding(.attributeMissing, "<\(element)/> has no \(missing.listed()), which it must have")
        case .hasOne(let names):
            return names.contains { it[$0]?.nonEmpty != nil }
                ? nil : finding(.attributeMissing, "<\(element)/> has neither \(names.joined(separator: " nor "))")
        case .asked(let type):
            return stanza["type"] == type || stanza.firstChild != it
                ? nil : finding(.requestType, "<\(element)/> is sent in an iq of type \(type), not of another one")
        case .askedInside(let type):
            return stanza["type"] == type
                ? nil : finding(.requestType, "<\(element)/> is sent in an iq of type \(type), not of another one")
        case .dateTime(let name): return wrong(name, of: it, "is no time such as 2002-09-10T23:08:25Z", isDateTime)
        case .childNumber(let name):
            guard let text = it.child(name)?.text.trimmed, Int(text).map({ $0 < 0 }) ?? true else { return nil }
            return finding(.valueWrong, "\(text.quoted(limit: 40)) in <\(name)/> is no whole number from 0 on")
        case .holds(let names):
            let missing = names.filter { it.child($0) == nil }.map { "<\($0)/>" }
            return missing.isEmpty
                ? nil : finding(.childMissing, "<\(element)/> is without \(missing.listed()), which must be in it")
        case .word(let name, let words):
            return wrong(name, of: it, "is not one of \(words.sorted().listed())") { words.contains($0) }
        case .number(let name, let range):
            return wrong(name, of: it, Self.described(range)) { Int($0).map(range.contains) ?? false }
        case .time(let name):
            return wrong(name, of: it, "is no time in UTC such as 2002-09-10T23:08:25Z", isUTC)
        case .base64:
            return isBase64(it.text) ? nil : finding(.notBase64, "the text in <\(element)/> is not base64")
        }
    }

    private static func described(_ range: ClosedRange<Int>) -> String {
        range.upperBound == Int.max
            ? "is no whole number from \(range.lowerBound) on"
            : "is no whole number from \(range.lowerBound) to \(range.upperBound)"
    }

    private func holds(in stanza: Element) -> Bool {
        switch stanzas {
        case .any: true
        case .iq(let type): stanza.name == "iq" && stanza["type"] == type
        case .requests: stanza.name == "iq" && ["get", "set"].contains(stanza["type"])
        }
    }

    private func wrong(_ name: String, of it: Element, _ why: String, _ fits: (String) -> Bool) -> Finding? {
        guard let value = it[name], !fits(value.trimmed) else { return nil }
        return finding(.valueWrong, "the \(name) \(value.quoted(limit: 40)) of <\(element)/> \(why)")
    }

    private func finding(_ code: FindingCode, _ text: String) -> Finding { Finding(code, "\(text) (\(source)).") }
}

/// True for a date and time of XEP-0082 in UTC, `2002-09-10T23:08:25Z`, with any number of digits behind the second.
func isUTC(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.count < 40 else { return false }
    let shape = Array("0000-00-00T00:00:00".utf8)
    let zero = UInt8(ascii: "0")
    for (byte, wanted) in zip(bytes, shape) {
        guard wanted == zero ? (zero...zero + 9).contains(byte) : byte == wanted else { return false }
    }
    func two(_ place: Int) -> Int { Int(bytes[place] - zero) * 10 + Int(bytes[place + 1] - zero) }
    guard (1...12).contains(two(5)), (1...31).contains(two(8)), two(11) <= 24, two(14) < 60, two(17) <= 60 else {
        return false
    }
    var rest = bytes[19...]
    if rest.first == UInt8(ascii: ".") {
        rest = rest.dropFirst()
        let digits = rest.prefix { (zero...zero + 9).contains($0) }
        guard !digits.isEmpty else { return false }
        rest = rest[digits.endIndex...]
    }
    // What is an offset of zero, is UTC as well.
    return ["Z", "+00:00", "-00:00"].contains(String(decoding: rest, as: UTF8.self))
}

/// True if it has the letters of base64 only, white space aside, and as many as whole bytes need.
private func isBase64(_ text: String) -> Bool {
    var letters = 0
    var padding = 0
    for byte in text.utf8 where byte > 0x20 {
        switch byte {
        case UInt8(ascii: "="): padding += 1
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            guard padding == 0 else { return false }
            letters += 1
        default: return false
        }
    }
    return padding <= 2 && letters % 4 != 1
}

extension FindingCode {
    static let requestType = warning(
        "fault.request.type",
        "RFC 6120 section 8.2.3",
        "What asks for something is an iq of type get, what changes something one of type set; each payload belongs to one of them."
    )
    static let attributeMissing = warning(
        "fault.attribute.missing",
        "",
        "An element lacks an attribute that its specification, which the finding names, requires. Who gets it may refuse it or ignore it."
    )
    static let childMissing = warning(
        "fault.child.missing",
        "",
        "An element lacks a child that its specification, which the finding names, requires."
    )
    static let valueWrong = warning(
        "fault.value",
        "",
        "The value of an attribute is none of those that the specification, which the finding names, permits."
    )
    static let notBase64 = warning(
        "fault.base64",
        "RFC 4648 section 4",
        "Binary data must be given in base64, and this is none: letters outside its alphabet, or one too many."
    )

    static let faults: [FindingCode] =
        [requestType, attributeMissing, childMissing, valueWrong, notBase64] + stanzaFaults + partFaults + formFaults
}
