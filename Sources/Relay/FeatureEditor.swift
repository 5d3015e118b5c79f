import XMLStream
import XMPP

/// Takes out of stream features what would not work through us, byte by byte: nothing else of the packet changes.
struct FeatureEditor: Equatable, Sendable {
    /// Mechanisms and lists that tie a login to the TLS connection (RFC 5929, RFC 9266, XEP-0440): with us in the middle
    /// there are two TLS connections.
    var hidesChannelBinding: Bool
    var hidesSTARTTLS: Bool

    /// A packet as it goes to the client, and what was taken out of it.
    struct Edit: Equatable {
        let bytes: [UInt8]
        let removed: [String]
    }

    /// An original travels in a comment of the capture, which holds 64 KiB at most, quotes being doubled there.
    static let byteLimit = 24 * 1024

    /// Nil if there is nothing to take out.
    func edit(_ bytes: [UInt8], _ features: Element) -> Edit? {
        guard hidesChannelBinding || hidesSTARTTLS, features.is("features", NS.streams), bytes.count <= Self.byteLimit
        else { return nil }
        let ranges = StreamParser.elementRanges(in: bytes)
        var unwanted: [(index: Int, name: String)] = []
        var index = 0
        collect(features, parent: nil, &index, &unwanted)
        guard !unwanted.isEmpty, index == ranges.count else { return nil }
        var result = bytes
        for (index, _) in unwanted.reversed() { result.removeSubrange(ranges[index]) }
        return Edit(bytes: result, removed: unwanted.map(\.name))
    }

    /// Goes through the elements in document order, as `elementRanges` does; what is inside an unwanted one is counted only.
    private func collect(
        _ element: Element,
        parent: Element?,
        _ index: inout Int,
        _ unwanted: inout [(index: Int, name: String)]
    ) {
        let own = index
        index += 1
        if let name = nameIfUnwanted(element, parent) {
            unwanted.append((own, name))
            index += descendants(of: element)
            return
        }
        for child in element.children { collect(child, parent: element, &index, &unwanted) }
    }

    private func descendants(of element: Element) -> Int {
        element.children.reduce(0) { $0 + 1 + descendants(of: $1) }
    }

    private func nameIfUnwanted(_ element: Element, _ parent: Element?) -> String? {
        if hidesSTARTTLS, element.is("starttls", NS.tls) { return "STARTTLS" }
        guard hidesChannelBinding else { return nil }
        if element.is("sasl-channel-binding", NS.channelBinding) { return "the list of channel bindings (XEP-0440)" }
        guard element.name == "mechanism", let parent else { return nil }
        // With nothing else on offer, a client could not even try.
        let others = parent.children.filter { $0.name == "mechanism" && !isBound($0) }
        return isBound(element) && !others.isEmpty ? mechanism(element) : nil
    }

    /// SCRAM-…-PLUS (RFC 5802), and the tokens of FAST that are bound (XEP-0484: all but HT-…-NONE).
    private func isBound(_ element: Element) -> Bool {
        let name = mechanism(element)
        if name.hasSuffix("-PLUS") { return true }
        return name.hasPrefix("HT-") && ["-ENDP", "-UNIQ", "-EXPR"].contains { name.hasSuffix($0) }
    }

    private func mechanism(_ element: Element) -> String {
        element.text.filter { !$0.isWhitespace }
    }
}
