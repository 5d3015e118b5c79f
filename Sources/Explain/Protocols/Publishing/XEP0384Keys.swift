import XMLStream
import XMPP

/// What stands in the nodes of OMEMO (XEP-0384 sections 5.3.1 and 5.3.2, and version 0.3 of it): devices and their keys.
func omemoItem(_ payload: Element, _ id: String?) -> ItemTelling? {
    switch payload.name {
    case "devices", "list": deviceList(payload)
    case "bundle": keyBundle(payload, payload.namespace == "eu.siacs.conversations.axolotl" ? nil : id)
    default: nil
    }
}

private func deviceList(_ list: Element) -> ItemTelling {
    var item = ItemTelling("OMEMO device list", "XEP-0384")
    let devices = list.children.filter { $0.name == "device" }
    item.withdrawn = "no longer has any device that reads OMEMO"
    if !devices.isEmpty {
        item.content =
            "\(counted(devices.count, "device")), "
            + devices.firstOnes { device in
                let label = device.given("label").map { " (\($0.quoted(limit: 60)))" } ?? ""
                return (device.given("id")?.shown(limit: 20) ?? "one without an id") + label
            }
    }
    return item
}

private func keyBundle(_ bundle: Element, _ device: String?) -> ItemTelling {
    var item = ItemTelling("OMEMO key bundle", "XEP-0384")
    let oneTime = bundle.child("prekeys")?.children.filter { $0.name == "pk" || $0.name == "preKeyPublic" }.count ?? 0
    let isWhole =
        (bundle.child("ik") ?? bundle.child("identityKey")) != nil
        && (bundle.child("spk") ?? bundle.child("signedPreKeyPublic")) != nil
        && (bundle.child("spks") ?? bundle.child("signedPreKeySignature")) != nil
    item.name = device.map { "OMEMO key bundle of the device \($0.shown(limit: 20))" }
    let prekeys = oneTime == 0 ? "no one-time key" : counted(oneTime, "one-time key")
    let words =
        isWhole
        ? "its identity key, a signed key and \(prekeys)"
        : "\(prekeys), and not all of the other keys that every device needs"
    item.content = words
    item.act =
        "\(device.map { "publishes the OMEMO key bundle of its device \($0.shown(limit: 20))" } ?? "publishes its OMEMO key bundle"): \(words)"
    return item
}
