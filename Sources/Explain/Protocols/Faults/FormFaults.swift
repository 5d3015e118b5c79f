import XMLStream
import XMPP

/// What is wrong with the fields of a data form (XEP-0004), by the letter of the form alone.
func formFaults(_ form: Element) -> [Finding] {
    guard form.name == "x" else { return [] }
    let fields = form.children.prefix(200).filter { $0.name == "field" }
    return fields.lazy.compactMap { fieldFault($0) }.first.map { [$0] } ?? dateFaults(fields)
}

private func fieldFault(_ field: Element) -> Finding? {
    let type = field["type"] ?? ""
    guard let name = field["var"]?.nonEmpty else {
        return type == "fixed"
            ? nil : Finding(.formField, "a field of the form has no var, by which it is known (XEP-0004 section 3.2).")
    }
    let values = field.children.filter { $0.name == "value" }.map(\.text)
    if single.contains(type), values.count > 1 {
        return Finding(
            .formField,
            "the field \(name.quoted(limit: 60)) of type \(type) has \(values.count) values, but takes one (XEP-0004 section 3.2)."
        )
    }
    if type == "boolean", let value = values.first?.trimmed.nonEmpty, !["0", "1", "false", "true"].contains(value) {
        return Finding(
            .formField,
            "the field \(name.quoted(limit: 60)) is boolean, but its value is \(value.quoted(limit: 40)); it must be 0, 1, false or true (XEP-0004 section 3.3)."
        )
    }
    return nil
}

/// Types that take one value.
private let single: Set<String> = ["boolean", "jid-single", "list-single", "text-private", "text-single"]

/// The span of time of a query to an archive.
private func dateFaults(_ fields: [Element]) -> [Finding] {
    func value(_ name: String) -> String? { fields.first { $0["var"] == name }?.child("value")?.text.trimmed.nonEmpty }
    guard value("FORM_TYPE")?.hasPrefix("urn:xmpp:mam:") == true else { return [] }
    let (start, end) = (value("start"), value("end"))
    for (name, time) in [("start", start), ("end", end)] {
        if let time, !isDateTime(time) {
            return [
                Finding(
                    .archiveTime,
                    "\(name) is \(time.quoted(limit: 40)), which is no time such as 2010-06-07T00:00:00Z (XEP-0313 section 4.1.2)."
                )
            ]
        }
    }
    guard let start, let end, let first = comparable(start), let last = comparable(end), first > last else { return [] }
    return [Finding(.archiveTime, "start is later than end, so that no message can be meant.")]
}

/// A time in UTC in the form in which what is later is greater; nil for one of another zone.
private func comparable(_ time: String) -> String? {
    guard time.hasSuffix("Z") else { return nil }
    var digits = time.dropLast()
    // Fractions may have any number of digits.
    while digits.contains("."), let last = digits.last, last == "0" || last == "." { digits = digits.dropLast() }
    return String(digits)
}

/// True for a date and time of XEP-0082, whatever its distance from UTC.
func isDateTime(_ text: String) -> Bool {
    let zone = text.suffix(6)
    let isOffset = zone.count == 6 && ["+", "-"].contains(zone.prefix(1)) && zone.dropFirst(3).hasPrefix(":")
    return isUTC(isOffset ? text.dropLast(6) + "Z" : text)
}

extension FindingCode {
    static let formField = warning(
        "fault.form.field",
        "XEP-0004 section 3.3",
        "A field of a form has no name, a value that its type does not allow, or more values than that takes. Who gets the form ignores the field or refuses the form."
    )
    static let archiveTime = warning(
        "fault.archive.time",
        "XEP-0313 section 4.1.2",
        "The time from or to which messages are wanted cannot be understood, or nothing lies between both."
    )

    static let formFaults: [FindingCode] = [formField, archiveTime]
}
