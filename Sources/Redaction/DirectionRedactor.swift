import Capture
import XMLStream
import XMPP

/// What becomes of the bytes of one direction: which of them are known to be left as they are or replaced, and by what.
///
/// Positions count the direction's bytes from the connection's beginning.
struct DirectionRedactor {
    private enum Content {
        case stream
        /// TLS that nobody decrypted.
        case encrypted
        /// Neither XMPP nor TLS, or compressed: anything may be in it.
        case unreadable
    }

    private var parser = StreamParser()
    /// Where the parser's bytes begin.
    private var base = 0
    private var received = 0
    private var content = Content.stream
    /// Everything before is decided.
    private(set) var decided = 0
    private var patches: [PacketRedactor.Patch] = []
    /// What is blotted out because nobody can read it, in order.
    private var masks: [Range<Int>] = []

    /// What a packet does to how the following bytes can be read.
    enum Consequence {
        case compression
    }

    /// The next bytes came; returns what that means for both directions.
    mutating func receive(
        _ bytes: ArraySlice<UInt8>,
        fromClient: Bool,
        _ redactor: inout PacketRedactor,
        _ secrets: inout SecretTable
    ) -> Consequence? {
        received += bytes.count
        switch content {
        case .encrypted: decided = received
        case .unreadable: maskRest(&secrets)
        case .stream: return read(bytes, fromClient: fromClient, &redactor, &secrets)
        }
        return nil
    }

    private mutating func read(
        _ bytes: ArraySlice<UInt8>,
        fromClient: Bool,
        _ redactor: inout PacketRedactor,
        _ secrets: inout SecretTable
    ) -> Consequence? {
        var consequence: Consequence?
        bytes.withUnsafeBytes { parser.append($0) }
        while let event = parser.next() {
            let range = (base + event.range.lowerBound)..<(base + event.range.upperBound)
            // Behind bytes that are missing the parser passes over what is no whole packet.
            if range.lowerBound > decided { mask(decided..<range.lowerBound, &secrets) }
            switch event.kind {
            case .whitespace: break
            case .end:
                add(PacketRedactor.comments(event.bytes, &secrets), from: range.lowerBound)
            case .header(let element), .element(let element):
                let found = redactor.patches(event.bytes, element, fromClient: fromClient, &secrets)
                add(found, from: range.lowerBound)
                if element.is("compressed", NS.compression) { consequence = .compression }
            case .strayText, .oversized: mask(range, &secrets)
            case .failure:
                if looksEncrypted(event.bytes) {
                    content = .encrypted
                } else {
                    content = .unreadable
                    mask(range, &secrets)
                }
            }
            decided = max(decided, range.upperBound)
        }
        // Too long to be taken apart.
        if parser.isInsideOversized { maskRest(&secrets) }
        if content == .encrypted { decided = received }
        return consequence
    }

    /// A record of TLS: type, then version 3.
    private func looksEncrypted(_ bytes: [UInt8]) -> Bool {
        bytes.count > 1 && (0x14...0x17).contains(bytes[0]) && bytes[1] == 3
    }

    // MARK: Ends

    /// What was said before is not in this capture: reading goes on at the next packet.
    mutating func beginInMiddle(_ secrets: inout SecretTable) {
        leaveHalfPacket(&secrets)
        parser.resynchronize()
    }

    /// A packet that stands in an event, without its secrets; one that cannot be read is blotted out.
    func redacted(
        apart packet: [UInt8],
        _ redactor: inout PacketRedactor,
        fromClient: Bool,
        _ secrets: inout SecretTable
    ) -> [UInt8] {
        guard let element = parser.parse(apart: packet) else {
            secrets.masked(packet.count)
            return [UInt8](repeating: UInt8(ascii: "x"), count: packet.count)
        }
        return redactor.redacted(packet, element, fromClient: fromClient, &secrets)
    }

    /// A new stream begins inside TLS; what was left before it is no packet.
    mutating func beginAnew(_ secrets: inout SecretTable) {
        leaveHalfPacket(&secrets)
        parser = StreamParser()
        base = received
        content = .stream
    }

    /// Nothing can be read from here on.
    mutating func becameUnreadable(_ secrets: inout SecretTable) {
        leaveHalfPacket(&secrets)
        content = .unreadable
    }

    /// No more bytes come: of half a packet nothing but the name of its element stays, for the rest may be half a secret.
    mutating func leaveHalfPacket(_ secrets: inout SecretTable) {
        guard decided < received else { return }
        let start = parser.unread
        let name = start.dropFirst().prefix {
            !$0.isXMLWhitespace && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/")
        }
        let isTag = start.first == UInt8(ascii: "<") && name.count <= Self.longestName && name.count < start.count - 1
        let kept = min(decided + (isTag ? name.count + 1 : 0), received)
        patches.append(blank(kept..<received))
        note(mask: kept..<received)
        secrets.masked(received - kept)
        decided = received
    }

    private static let longestName = 64

    // MARK: Patches

    /// - Parameter start: where the packet begins in which the patches count from 0.
    private mutating func add(_ found: [PacketRedactor.Patch], from start: Int) {
        for patch in found {
            let range = patch.range.lowerBound + start..<patch.range.upperBound + start
            patches.append(PacketRedactor.Patch(range: range, bytes: patch.bytes))
        }
    }

    private mutating func maskRest(_ secrets: inout SecretTable) { mask(decided..<received, &secrets) }

    private mutating func mask(_ range: Range<Int>, _ secrets: inout SecretTable) {
        let rest = max(range.lowerBound, decided)..<max(range.upperBound, decided)
        patches.append(
            PacketRedactor.Patch(range: rest, bytes: [UInt8](repeating: UInt8(ascii: "x"), count: rest.count))
        )
        secrets.masked(rest.count)
        decided = rest.upperBound
        note(mask: rest)
    }

    private mutating func note(mask: Range<Int>) {
        if mask.isEmpty { return }
        if let last = masks.last, last.upperBound == mask.lowerBound {
            masks[masks.count - 1] = last.lowerBound..<mask.upperBound
        } else {
            masks.append(mask)
        }
    }

    /// What is blotted out of so many bytes from `start` on, as events for their segment; everything before `start` is forgotten.
    mutating func takeMasks(of side: Side, from start: Int, count: Int) -> [CaptureEvent] {
        let part = start..<start + count
        var found = masks.map { $0.clamped(to: part) }.filter { !$0.isEmpty }
        masks.removeAll { $0.upperBound <= part.upperBound }
        if found.count > Self.masksOfSegment, let last = found.last {
            found = Array(found.prefix(Self.masksOfSegment))
            let end = found[found.count - 1]
            found[found.count - 1] = end.lowerBound..<last.upperBound
        }
        return found.map { .blotted(side, kept: $0.lowerBound - start, count: $0.count) }
    }

    /// A segment can have thousands of places that nobody can read; from the last of so many on, it counts as one place.
    private static let masksOfSegment = 16

    private func blank(_ range: Range<Int>) -> PacketRedactor.Patch {
        PacketRedactor.Patch(range: range, bytes: [UInt8](repeating: UInt8(ascii: " "), count: range.count))
    }

    /// Puts the replacements into bytes that begin at `start`, and forgets those that lie wholly before their end.
    mutating func apply(to bytes: inout [UInt8], at place: Range<Int>, from start: Int) {
        let end = start + place.count
        for patch in patches {
            let overlap = patch.range.clamped(to: start..<end)
            for position in overlap {
                bytes[place.lowerBound + position - start] = patch.bytes[position - patch.range.lowerBound]
            }
        }
        patches.removeAll { $0.range.upperBound <= end }
    }
}
