import XMLStream
import XMPP

/// What stands in the nodes of OpenPGP for XMPP (XEP-0373 sections 4 and 5): keys, and the encrypted backup of the secret one.
func openPGPItem(_ payload: Element, _ id: String?) -> ItemTelling? {
    switch payload.name {
    case "public-keys-list":
        var item = ItemTelling("OpenPGP key list", "XEP-0373")
        item.withdrawn = "no longer names an OpenPGP key"
        let keys = payload.children.filter { $0.name == "pubkey-metadata" }
        if !keys.isEmpty {
            item.content =
                "\(counted(keys.count, "key")), "
                + keys.firstOnes { ($0.given("v4-fingerprint") ?? "one without a fingerprint").shown(limit: 60) }
        }
        return item
    case "pubkey":
        var item = ItemTelling("OpenPGP key", "XEP-0373")
        let count = base64ByteCount(payload.child("data")?.text ?? "")
        item.content = count == 0 ? nil : byteCount("\(count)")
        return item
    case "secretkey":
        var item = ItemTelling("secret OpenPGP key", "XEP-0373")
        item.act = "stores a backup of its secret OpenPGP key, encrypted with a code that only the user has"
        item.content = "encrypted with a code that only the user has"
        return item
    default: return nil
    }
}
