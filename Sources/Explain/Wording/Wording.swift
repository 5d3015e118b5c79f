import Session
import XMLStream
import XMPP

/// The number of a packet as its header line shows it.
func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 3 - digits.utf8.count)) + digits
}

/// A time span for people.
func span(_ seconds: Double) -> String {
    let microseconds = Int((seconds * 1_000_000).rounded())
    // Below 10 ms a tenth of one counts; above, nobody wants it.
    if microseconds < 10_000 { return "\(microseconds / 1000).\(microseconds % 1000 / 100) ms" }
    if microseconds < 1_000_000 { return "\(microseconds / 1000) ms" }
    return "\(microseconds / 1_000_000).\(microseconds % 1_000_000 / 100_000) s"
}

/// The clause as a sentence of its own.
func capitalized(_ clause: String) -> String { clause.prefix(1).uppercased() + clause.dropFirst() }

extension String {
    /// A quotation that ends with its own full stop needs no second one behind the quotes.
    var collapsingStops: String {
        var text = self
        let isClean = text.withUTF8 { bytes in
            guard bytes.count >= 3 else { return true }
            for index in 2..<bytes.count where bytes[index] == UInt8(ascii: ".") {
                if bytes[index - 1] == UInt8(ascii: "\"") && bytes[index - 2] == UInt8(ascii: ".") { return false }
            }
            return true
        }
        if isClean { return self }
        let bytes = text.withUTF8 { bytes in
            var kept: [UInt8] = []
            kept.reserveCapacity(bytes.count)
            for byte in bytes {
                let isSecondStop =
                    byte == UInt8(ascii: ".") && kept.last == UInt8(ascii: "\"")
                    && kept.dropLast().last == UInt8(ascii: ".")
                if !isSecondStop { kept.append(byte) }
            }
            return kept
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Without white space at its ends.
    var trimmed: String {
        // Nearly all begin and end with a letter or a sign of ASCII.
        let visible = UInt8(0x21)...0x7E
        if let first = utf8.first, let last = utf8.last, visible.contains(first), visible.contains(last) { return self }
        guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !$0.isWhitespace })
        else {
            return ""
        }
        return String(self[start...end])
    }

    /// Nil if it is empty.
    var nonEmpty: String? { isEmpty ? nil : self }

    /// A party's name without "the".
    var withoutArticle: String { hasPrefix("the ") ? String(Substring(utf8.dropFirst(4))) : self }
}

/// `1 byte`, `2 bytes`.
func counted(_ count: Int, _ unit: String) -> String { count == 1 ? "1 \(unit)" : "\(count) \(unit)s" }

/// A protocol by its title and specification, or by its bare namespace.
func protocolName(_ namespace: String) -> String {
    if let known = ProtocolRegistry.lookUp(namespace) {
        return FeatureWords.words(for: namespace).map { "\($0) (\(known.reference))" } ?? known.name
    }
    if let entry = ProtocolTable.entry(of: namespace) { return entry.name }
    return namespace.isEmpty ? "no namespace" : "the namespace \(namespace.quoted(limit: 100))"
}

/// An element at the top of the stream that stanzatap knows by its namespace at best.
func tellUnknown(_ element: Element, _ packet: Packet, _ scene: Scene) -> Telling {
    let start = "\(scene.sender(of: packet).start) sends <\(element.name.shown(limit: 60))/>"
    guard NS.stanzas.contains(element.namespace) || element.namespace.isEmpty else {
        return Telling("\(start) of \(protocolName(element.namespace)).")
    }
    let place = element.namespace.isEmpty ? "in no namespace" : "in \(element.namespace)"
    // An unknown prefix is told already.
    if packet.problem != nil { return Telling("\(start), which is no stanza.") }
    return Telling(
        "\(start), which is no stanza.",
        [
            Finding(
                .unknownStanza,
                "only message, presence and iq are stanzas, this is \(place): perhaps its own xmlns is missing (RFC 6120 section 4.9.3.24)."
            )
        ]
    )
}

/// A number with commas between its thousands.
func inThousands(_ number: Int) -> String { (number < 0 ? "-" : "") + Say.number(String(number.magnitude)) }
