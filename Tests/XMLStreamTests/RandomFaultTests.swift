import TestKit
import Testing
import XMLStream

/// Packets that are spoiled at random: what is told of them must not depend on how their bytes come, and must be ours.
struct RandomFaultTests {
    private static let header =
        "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
    private static let packets = [
        "<message to='a@b' xml:lang=\"en\"><body>x &amp; y &#65; ]] > z</body><!-- c --><a:b xmlns:a='u' a:c='d'/></message>",
        "<iq type='set' id='1'><query xmlns='jabber:iq:register'><username>ü€😀</username><![CDATA[a<b&]]></query></iq>",
        "<presence><?x y?><show>away</show>\n</presence><r xmlns='urn:xmpp:sm:3'/>",
    ]
    private static let pieces: [[UInt8]] =
        [
            "<", ">", "&", ";", "'", "\"", "/", "=", " ", "!", "?", "-", "]", "[", "a", "1", ":", "#", "x", "]]>",
            "<!--", "-->", "<b",
        ]
        .map { Array($0.utf8) } + [[0], [0x1A], [0x80], [0xC3], [0xED, 0xA0, 0xBD], [0xEF, 0xBF, 0xBE], [0xFF]]

    /// Numbers that look random and are the same in every run (a linear congruence).
    private struct Numbers {
        var state: UInt64

        mutating func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
    }

    private static func spoiled(_ numbers: inout Numbers) -> [UInt8] {
        var bytes = Array(packets[numbers.below(packets.count)].utf8)
        for _ in 0...numbers.below(3) {
            let place = numbers.below(bytes.count)
            switch numbers.below(3) {
            case 0: bytes.remove(at: place)
            case 1: bytes.insert(contentsOf: pieces[numbers.below(pieces.count)], at: place)
            default: bytes.replaceSubrange(place...place, with: pieces[numbers.below(pieces.count)])
            }
        }
        return bytes
    }

    @Test("are told alike at every chunk size, and never in words that say nothing", arguments: 0..<8)
    func spoiledPackets(seed: Int) {
        var numbers = Numbers(state: UInt64(seed))
        for _ in 0..<400 {
            let bytes = Array(Self.header.utf8) + Self.spoiled(&numbers) + Array("<after/></stream:stream>".utf8)
            let whole = failure(bytes, chunk: nil)
            #expect(whole?.reason != "the XML is not well-formed", "\(String(decoding: bytes, as: UTF8.self))")
            for chunk in [1, 2, 3, 7, 64] {
                let cut = failure(bytes, chunk: chunk)
                #expect(
                    cut?.reason == whole?.reason && cut?.place?.offset == whole?.place?.offset,
                    "\(chunk): \(String(decoding: bytes, as: UTF8.self))"
                )
            }
        }
    }
}
