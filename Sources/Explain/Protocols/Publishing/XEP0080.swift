import XMLStream
import XMPP

extension ProtocolEntry {
    /// Where somebody is (XEP-0080).
    static let location: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0080", "User Location", ["http://jabber.org/protocol/geoloc"])
        entry.item = { payload, _ in payload.name == "geoloc" ? locationItem(payload, "XEP-0080") : nil }
        return entry
    }()

    /// Where somebody is, before XEP-0080 took it in (XEP-0112).
    static let physicalLocation: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0112", "User Physical Location", ["http://jabber.org/protocol/physloc"])
        entry.item = { payload, _ in payload.name == "physloc" ? locationItem(payload, "XEP-0112") : nil }
        return entry
    }()
}

private func locationItem(_ place: Element, _ reference: String) -> ItemTelling {
    var item = ItemTelling("location", reference)
    item.withdrawn = "no longer tells a location"
    let words = ["description", "building", "street", "locality", "region", "country", "text"]
        .compactMap { place.textOf($0)?.shown(limit: 60) }.prefix(4).joined(separator: ", ")
    let point = coordinates(place)
    if !words.isEmpty {
        item.content = words + (point.map { " (\($0))" } ?? "")
    } else {
        item.content = point ?? (place.childCount == 0 ? nil : place.children.firstOnes { $0.name.shown(limit: 40) })
    }
    return item
}

private func coordinates(_ place: Element) -> String? {
    guard let latitude = place.textOf("lat"), let longitude = place.textOf("lon") else { return nil }
    let accuracy = place.textOf("accuracy").map { ", to \($0.shown(limit: 20)) m" } ?? ""
    return "latitude \(latitude.shown(limit: 20)), longitude \(longitude.shown(limit: 20))\(accuracy)"
}
