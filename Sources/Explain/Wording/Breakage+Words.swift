import Session
import TLSHandshake
import XMLStream
import XMPP

/// A direction that stops being XML: what of it is told, and where it broke.
extension Breakage {
    /// The line of the event, without its brackets.
    func line(_ direction: Direction, from sender: String) -> String {
        guard let place = error.place else {
            let beginning = excerpt.isEmpty ? "" : ". It begins with \(quotation(excerpt))"
            return "What \(sender) sends from here on \(BrokenText.verdict)\(reason)\(beginning)"
        }
        let what = number.map { "Packet \(padded($0)) from \(sender)" } ?? "What \(sender) sends"
        let offset = number == nil ? "" : "\(place.packetOffset) of it, "
        return "\(what) \(BrokenText.verdict)\(reason) (\(error.condition.rawValue)). "
            + "At offset \(offset)\(place.offset) of \(direction.rawValue)\(excerpt(at: place))"
            + "\(BrokenText.ending)\(sender) is not explained"
    }

    /// What a summary says of it.
    func sentence(of sender: String) -> String {
        let start = number.map { "From packet \(padded($0)) on, what \(sender)" } ?? "What \(sender)"
        let offset = error.place.map { place in
            number == nil ? "\(BrokenText.place)\(place.offset))" : "\(BrokenText.place)\(place.packetOffset) of it)"
        }
        return "\(start) \(BrokenText.pastVerdict)\(reason)\(offset ?? "")."
    }

    private var reason: String { error.reason.shown(limit: 300) }

    private func excerpt(at place: FaultPlace) -> String {
        guard place.packetOffset > 0 || BrokenText.isText(place.after) else { return ": \(quotation(place.after))" }
        let beginning = place.beginning.isEmpty ? "" : BrokenText.shown(place.beginning) + " … "
        return ", marked \(BrokenText.mark): \"\(beginning)\(BrokenText.shown(place.before))\(BrokenText.mark)"
            + BrokenText.shown(place.after) + (place.isCut ? "…\"" : "\"")
    }
}

/// Text as it came, in quotes; anything else by its bytes.
func quotation(_ bytes: [UInt8], limit: Int = .max) -> String {
    if BrokenText.isText(bytes) {
        return "\"" + BrokenText.shown(bytes.prefix(limit)) + (bytes.count > limit ? "…\"" : "\"")
    }
    let digits = Array("0123456789abcdef")
    let hex = bytes.prefix(24).map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined(separator: " ")
    return "the bytes " + hex + (bytes.count > 24 ? " …" : "") + (TLSRecord.told(bytes).map { ", \($0)" } ?? "")
}
