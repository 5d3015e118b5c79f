import XMPP

extension ProtocolEntry {
    /// Uploading files by HTTP (XEP-0363), in its present and its older namespace.
    static let upload: ProtocolEntry = {
        let both = ["urn:xmpp:http:upload:0", "urn:xmpp:http:upload"]
        var entry = ProtocolEntry("XEP-0363", "HTTP File Upload", both)
        entry.secrets = [
            .attribute("url", of: "put", both[0]), .attribute("url", of: "get", both[0]), .text("header", both[0]),
            .text("put", both[1]), .text("get", both[1]),
        ]
        entry.volatile = [
            .attribute("url", of: "put", both[0]), .attribute("url", of: "get", both[0]), .text("header", both[0]),
            .text("put", both[1]), .text("get", both[1]),
        ]
        entry.conditions = [
            "file-too-large": "the file is larger than the server allows",
            "retry": "the quota is used up for now",
        ]
        return entry
    }()
}
