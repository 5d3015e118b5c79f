import XMLStream
import XMPP

/// Holds the server's packets where something may have to be done at an exact place, and finds these places.
///
/// In the clear it waits for the STARTTLS negotiation (RFC 6120 section 5.4), in a stream that we decrypt for the features.
/// What it lets pass are the original bytes; the one exception is features that `FeatureEditor` changes. It does nothing
/// itself: bytes go in, decisions come out, to be carried out in order.
final class StreamGate {
    enum Decision: Equatable {
        /// These bytes of that side go on.
        case pass(Side, [UInt8])
        /// In place of `original` the client gets the edit.
        case change(original: [UInt8], FeatureEditor.Edit)
        /// The server agreed to TLS with these bytes, which are held.
        case startTLS(proceed: [UInt8])
        /// White space behind `<starttls/>` or `<proceed/>`: harmless, but it must not get into the encrypted stream.
        case drop(Side, count: Int)
        /// Bytes behind `<starttls/>` or `<proceed/>`, where none may be (RFC 6120 section 5.4.3.3).
        case reject(Side, [UInt8])
        /// The connection goes on without STARTTLS, which is demanded; why, in a clause.
        case forbid(String)
        /// Nothing will have to be held any more; all that was has been passed.
        case open
    }

    private enum Phase: Equatable {
        /// In the clear; the client has not asked for TLS.
        case clear
        /// The client's `<starttls/>` has passed, and nothing may come from it until it is answered.
        case asked
        /// TLS is about to begin, or bytes came that end the connection.
        case shut
        /// Inside of TLS, until the features have come.
        case encrypted
        case open
    }

    private var phase: Phase
    private let editor: FeatureEditor
    /// True if nothing but what leads to STARTTLS may pass in the clear.
    private let demandsTLS: Bool
    /// The client's bytes that are held while TLS is demanded.
    private var clientHeld: [UInt8] = []
    private let client = StreamParser()
    private let server = StreamParser()
    /// How many bytes each side sent before the ones that are being read.
    private var clientCount = 0
    /// The client's packets in the clear.
    private var packets = 0
    /// The server's bytes that are held, and where in its stream they begin.
    private var held: [UInt8] = []
    private var heldStart = 0
    /// The `to` of the client's stream header, once it came in the clear.
    private(set) var domain: String?

    /// The root of the stream that the client has from the server; nil before its header.
    private(set) var serverRoot: StreamRoot?

    /// STARTTLS comes before anything else (RFC 6120 section 5.3.1), but some clients register first.
    static let packetLimit = 16

    /// In the clear, from the first byte of a connection; or in a stream that we decrypt, from its first byte.
    init(isEncrypted: Bool, editor: FeatureEditor, demandsTLS: Bool = false) {
        self.demandsTLS = demandsTLS && !isEncrypted
        phase = isEncrypted ? .encrypted : .clear
        self.editor = editor
    }

    /// Bytes came from that side.
    func received(_ bytes: [UInt8], from side: Side) -> [Decision] {
        switch (phase, side) {
        case (.open, _), (.encrypted, .client): [.pass(side, bytes)]
        case (.shut, _), (.asked, .client): refused(bytes[...], side)
        case (.clear, .client): demandsTLS ? receivedUnderDemand(bytes) : receivedFromClient(bytes)
        case (.clear, .server), (.asked, .server), (.encrypted, .server): receivedFromServer(bytes)
        }
    }

    /// The server sends no more: what is held of it can only go on as it is.
    func serverEnded() -> [Decision] {
        let rest = release(upTo: heldStart + held.count)
        if phase != .shut { phase = .open }
        return rest
    }

    // MARK: The client's bytes

    /// They pass at once; only where `<starttls/>` ends matters.
    private func receivedFromClient(_ bytes: [UInt8]) -> [Decision] {
        let start = clientCount
        clientCount += bytes.count
        bytes.withUnsafeBytes { client.append($0) }
        while let event = client.next() {
            switch event.kind {
            case .element(let element) where element.is("starttls", NS.tls):
                phase = .asked
                let end = event.range.upperBound - start
                return [.pass(.client, Array(bytes[..<end]))] + refused(bytes[end...], .client)
            case .element(let element) where isSettled(by: element):
                return open(after: [.pass(.client, bytes)])
            case .failure:
                return open(after: [.pass(.client, bytes)])
            case .header(let header):
                domain = header["to"].flatMap { $0.isEmpty ? nil : $0 }
            case .element, .whitespace, .strayText, .end, .oversized:
                continue
            }
        }
        return [.pass(.client, bytes)]
    }

    /// Where TLS is demanded, a packet of the client passes once it is known to lead there.
    private func receivedUnderDemand(_ bytes: [UInt8]) -> [Decision] {
        clientCount += bytes.count
        clientHeld += bytes
        bytes.withUnsafeBytes { client.append($0) }
        var decisions: [Decision] = []
        while let event = client.next() {
            switch event.kind {
            case .header(let header):
                domain = header["to"].flatMap { $0.isEmpty ? nil : $0 }
                decisions += releaseOfClient(upTo: event.range.upperBound)
            case .whitespace, .end:
                decisions += releaseOfClient(upTo: event.range.upperBound)
            case .element(let element) where element.is("starttls", NS.tls):
                phase = .asked
                decisions += releaseOfClient(upTo: event.range.upperBound)
                defer { clientHeld = [] }
                return decisions + refused(clientHeld[...], .client)
            case .element, .strayText, .failure, .oversized:
                return decisions + forbid("the client goes on without STARTTLS")
            }
        }
        return client.isInsideOversized ? decisions + forbid("the client goes on without STARTTLS") : decisions
    }

    private func releaseOfClient(upTo end: Int) -> [Decision] {
        let count = min(end - (clientCount - clientHeld.count), clientHeld.count)
        guard count > 0 else { return [] }
        defer { clientHeld.removeFirst(count) }
        return [.pass(.client, Array(clientHeld.prefix(count)))]
    }

    private func forbid(_ reason: String) -> [Decision] {
        phase = .shut
        held = []
        clientHeld = []
        return [.forbid(reason)]
    }

    /// True for what a client sends only when it goes without TLS: stanzas to others, a component's or server's own login,
    /// or more requests than any registration takes.
    private func isSettled(by element: Element) -> Bool {
        packets += 1
        if packets > Self.packetLimit { return true }
        return switch element.namespace {
        case NS.client, NS.server: element.name == "message" || element.name == "presence"
        case NS.component, NS.dialback: true
        default: false
        }
    }

    private func refused(_ bytes: ArraySlice<UInt8>, _ side: Side) -> [Decision] {
        if bytes.isEmpty { return [] }
        return [
            bytes.allSatisfy(\.isXMLWhitespace)
                ? .drop(side, count: bytes.count) : .reject(side, Array(bytes))
        ]
    }

    // MARK: The server's bytes

    private func receivedFromServer(_ bytes: [UInt8]) -> [Decision] {
        held += bytes
        bytes.withUnsafeBytes { server.append($0) }
        var decisions: [Decision] = []
        while let event = server.next() {
            switch event.kind {
            case .element(let element):
                decisions += decide(element, event)
            case .failure:
                if demandsTLS { return decisions + forbid("the server speaks no XMPP") }
                return open(after: decisions)
            case .header:
                serverRoot = StreamRoot(name: server.rootName)
                decisions += release(upTo: event.range.upperBound)
            case .whitespace, .strayText, .end, .oversized:
                decisions += release(upTo: event.range.upperBound)
            }
            if phase == .open { return open(after: decisions) }
            if phase == .shut {
                decisions += refused(held[...], .server)
                held = []
                return decisions
            }
        }
        if server.isInsideOversized { decisions += release(upTo: heldStart + held.count) }
        return decisions
    }

    private func decide(_ element: Element, _ event: StreamEvent) -> [Decision] {
        let end = event.range.upperBound
        switch (element.namespace, element.name) {
        case (NS.tls, "proceed") where phase == .asked:
            phase = .shut
            let before = release(upTo: event.range.lowerBound)
            let proceed = Array(held.prefix(end - heldStart))
            held.removeFirst(proceed.count)
            heldStart = end
            return before + [.startTLS(proceed: proceed)]
        case (NS.streams, "features"):
            // Whoever does not offer STARTTLS will not agree to it (RFC 6120 section 5.3.1).
            let offersTLS = element.child("starttls", NS.tls) != nil
            if phase == .clear, !offersTLS, demandsTLS { return forbid("the server does not offer STARTTLS") }
            if phase == .encrypted || (phase == .clear && !offersTLS) { phase = .open }
            guard let edit = editor.edit(event.bytes, element) else { return release(upTo: end) }
            let before = release(upTo: event.range.lowerBound)
            held.removeFirst(end - heldStart)
            heldStart = end
            return before + [.change(original: event.bytes, edit)]
        case (NS.tls, "failure"), (NS.sasl, "success"), (NS.sasl2, "success"), (NS.compression, "compressed"):
            if demandsTLS { return release(upTo: end) + forbid("the server does not agree to STARTTLS") }
            phase = .open
        case (NS.client, _) where phase == .encrypted:
            // A server from before XMPP 1.0, which sends no features at all.
            phase = .open
        default:
            break
        }
        return release(upTo: end)
    }

    private func release(upTo end: Int) -> [Decision] {
        let count = min(end - heldStart, held.count)
        guard count > 0 else { return [] }
        defer {
            held.removeFirst(count)
            heldStart += count
        }
        return [.pass(.server, Array(held.prefix(count)))]
    }

    private func open(after decisions: [Decision]) -> [Decision] {
        phase = .open
        return decisions + release(upTo: heldStart + held.count) + [.open]
    }
}
