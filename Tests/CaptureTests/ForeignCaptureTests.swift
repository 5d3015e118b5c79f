import Foundation
import TestKit
import Testing

@testable import Capture

private typealias TCP = ForeignPackets.TCP

private let hello = "<stream:stream to='a' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
private let answer =
    "<stream:stream id='1' from='a' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

/// A connection from its SYN to its end, client numbers from 100 on, the server's close to their wrap.
private let conversation: [TCP] = {
    let wrap = UInt32.max - 10
    let up = UInt32(hello.utf8.count)
    let down = UInt32(answer.utf8.count)
    return [
        TCP(sequence: 100, flags: 0x02), TCP(fromClient: false, sequence: wrap, flags: 0x12, acknowledgment: 101),
        TCP(sequence: 101, flags: 0x10, acknowledgment: wrap &+ 1),
        TCP(sequence: 101, text: hello, acknowledgment: wrap &+ 1),
        TCP(fromClient: false, sequence: wrap &+ 1, text: answer, acknowledgment: 101 + up),
        TCP(sequence: 101 + up, text: "<iq id='1'/>", acknowledgment: wrap &+ 1 &+ down),
        TCP(sequence: 113 + up, flags: 0x11, text: "<r/>", acknowledgment: wrap &+ 1 &+ down),
        TCP(fromClient: false, sequence: wrap &+ 1 &+ down, flags: 0x11, acknowledgment: 118 + up),
    ]
}()

private let whole = [
    "1 opened 41000 5222", "1 C->S \(hello)", "1 S->C \(answer)", "1 C->S <iq id='1'/><r/>", "1 closed C->S",
    "1 closed S->C",
    "1 ended \(hello.utf8.count + 16) \(answer.utf8.count)",
]

private func packets(_ segments: [TCP], six: Bool = false) -> [[UInt8]] {
    segments.map { tcp in
        let segment = ForeignPackets.segment(tcp)
        return six
            ? ForeignPackets.six(segment, fromClient: tcp.fromClient)
            : ForeignPackets.four(segment, fromClient: tcp.fromClient)
    }
}

private func pcap(_ segments: [TCP]) -> [UInt8] {
    ForeignPackets.pcap(packets(segments), linkType: 101)
}

@Suite("captures of other programs")
struct ForeignCaptureTests {
    @Test("every link type, both families", arguments: [0, 1, 9, 12, 101, 108, 113, 276], [false, true])
    func linkTypes(_ linkType: Int, _ six: Bool) throws {
        let frames = packets(conversation, six: six).map { ForeignPackets.frame($0, linkType: linkType) }
        #expect(try ForeignPackets.read(ForeignPackets.pcap(frames, linkType: linkType)).told == whole)
        #expect(try ForeignPackets.read(ForeignPackets.pcapng([(frames, linkType, true)])).told == whole)
    }

    @Test("both byte orders and precisions of pcap", arguments: [false, true], [false, true])
    func pcapHeaders(_ nano: Bool, _ bigEndian: Bool) throws {
        let bytes = ForeignPackets.pcap(packets(conversation), linkType: 101, nano: nano, bigEndian: bigEndian)
        #expect(try ForeignPackets.read(bytes).told == whole)
    }

    @Test("several sections of pcapng, of both byte orders and different link types")
    func sections() throws {
        let all = packets(conversation)
        let first = all.prefix(4).map { ForeignPackets.frame($0, linkType: 1) }
        let rest = all.dropFirst(4).map { ForeignPackets.frame($0, linkType: 113) }
        #expect(try ForeignPackets.read(ForeignPackets.pcapng([(first, 1, false), (rest, 113, true)])).told == whole)
    }

    @Test("VLAN tags, also two, and PPPoE are passed over")
    func tags() throws {
        let start = [UInt8](repeating: 0, count: 12)
        for tag: [UInt8] in [
            [0x81, 0, 0, 5, 8, 0], [0x88, 0xA8, 0, 1, 0x81, 0, 0, 2, 8, 0], [0x88, 0x64, 0x11, 0, 0, 1, 0, 9, 0, 0x21],
        ] {
            let frames = packets(conversation).map { start + tag + $0 }
            #expect(try ForeignPackets.read(ForeignPackets.pcap(frames, linkType: 1)).told == whole)
        }
    }

    @Test("fragments are put together, extension headers passed over")
    func fragments() throws {
        var frames: [[UInt8]] = []
        for tcp in conversation {
            let segment = ForeignPackets.segment(tcp)
            guard segment.count > 48 else {
                frames.append(ForeignPackets.four(segment, fromClient: tcp.fromClient))
                continue
            }
            // The last one first.
            frames.append(ForeignPackets.four(Array(segment[48...]), fromClient: tcp.fromClient, fragment: 6))
            frames.append(ForeignPackets.four(Array(segment[..<48]), fromClient: tcp.fromClient, fragment: 0x2000))
        }
        #expect(try ForeignPackets.read(ForeignPackets.pcap(frames, linkType: 101)).told == whole)
        let six = conversation.map { tcp in
            let extensions: [UInt8] =
                [60, 0, 1, 4, 0, 0, 0, 0] + [44, 0, 1, 4, 0, 0, 0, 0] + [6, 0, 0, 0, 0, 0, 0, 9]
            return ForeignPackets.six(
                ForeignPackets.segment(tcp),
                fromClient: tcp.fromClient,
                next: 0,
                extensions: extensions
            )
        }
        #expect(try ForeignPackets.read(ForeignPackets.pcap(six, linkType: 101)).told == whole)
    }

    @Test("a length of 0, as segmentation offload leaves it, means all that is there")
    func offload() throws {
        let frames = conversation.map {
            ForeignPackets.four(ForeignPackets.segment($0), fromClient: $0.fromClient, length: 0)
        }
        #expect(try ForeignPackets.read(ForeignPackets.pcap(frames, linkType: 101)).told == whole)
    }

    @Test("retransmissions, overlaps, keep-alive probes and other orders change nothing")
    func order() throws {
        let doubled = conversation.flatMap { [$0, $0] }
        #expect(try ForeignPackets.read(pcap(doubled)).told == whole)
        var overlapping = conversation
        overlapping.insert(TCP(sequence: 101, text: hello + "<iq id"), at: 4)
        overlapping.insert(TCP(sequence: 100, text: "x"), at: 5)
        #expect(
            try ForeignPackets.read(pcap(overlapping)).told.joined().replacing("1 C->S ", with: "").contains(
                "'1'/><r/>"
            )
        )
        for index in 2..<conversation.count - 1 {
            var swapped = conversation
            swapped.swapAt(index, index + 1)
            let told = try ForeignPackets.read(pcap(swapped)).told
            #expect(
                Set(told.filter { !$0.contains("->S <") || $0.contains("opened") }).isSubset(
                    of: Set(whole + told.filter { $0.contains("C->S <") })
                )
            )
            #expect(!told.contains { $0.contains("lost") }, "\(told)")
            #expect(
                told.filter { $0.hasPrefix("1 C->S") }.map { $0.dropFirst(7) }.joined() == hello + "<iq id='1'/><r/>"
            )
        }
    }

    @Test("data in a SYN (RFC 7413), accepted or sent again, comes once")
    func dataInSYN() throws {
        var early = conversation
        early[0].text = String(hello.prefix(20))
        // Taken: the client goes on behind it.
        early[3].sequence += 20
        early[3].text = String(hello.dropFirst(20))
        #expect(try ForeignPackets.read(pcap(early)).told == whole)
        // Not taken: it is sent again.
        early[3] = conversation[3]
        #expect(try ForeignPackets.read(pcap(early)).told == whole)
        // A SYN that comes again late begins nothing anew.
        #expect(try ForeignPackets.read(pcap(early.prefix(5) + [early[1]] + early.dropFirst(5))).told == whole)
    }

    @Test("what is missing is told with its size")
    func loss() throws {
        var segments = conversation
        segments.remove(at: 5)
        #expect(try ForeignPackets.read(pcap(segments)).told.contains("1 lost C->S 12"))
        let bytes = ForeignPackets.pcap(packets(conversation), linkType: 101, snap: 20 + 32 + hello.utf8.count - 10)
        let told = try ForeignPackets.read(bytes).told
        #expect(told.contains("1 lost C->S 10"))
        #expect(told.last == "1 ended \(hello.utf8.count + 6) \(min(answer.utf8.count, hello.utf8.count - 10))")
    }

    @Test("a capture that begins in the middle finds out who is the client")
    func middle() throws {
        let told = try ForeignPackets.read(pcap(Array(conversation.dropFirst(4)))).told
        #expect(told.first == "1 opened 41000 5222")
        #expect(told.contains("1 lost C->S ?"))
        var swapped = conversation.dropFirst(3).map { $0 }
        for index in swapped.indices { swapped[index].ports = (1000, 60_000) }
        #expect(try ForeignPackets.read(pcap(swapped)).told.first == "1 opened 1000 60000")
    }

    @Test(
        "the last thing said alone tells that it was XMPP",
        arguments: ["</stream:stream>", "<a h='2' xmlns='urn:xmpp:sm:3'/>", "<presence/>"]
    )
    func onlyTheEnd(_ end: String) throws {
        let told = try ForeignPackets.read(pcap([TCP(sequence: 500, text: end, ports: (41_000, 15_222))])).told
        #expect(told == ["1 opened 41000 15222", "1 lost C->S ?", "1 lost S->C ?", "1 C->S " + end])
    }

    @Test(
        "who is the client is told by what is said, whatever the ports",
        arguments: [
            ("<auth xmlns='a'/>", "C"), ("<starttls xmlns='a'/>", "C"), ("<success xmlns='a'/>", "S"),
            ("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "S"), ("<message from='a@jabber.org'/>", "S"),
            ("<stream:features/>", "S"), ("<presence/>", "C"),
        ]
    )
    func sides(_ text: String, _ speaker: String) throws {
        let text = text.replacing("xmlns='a'", with: "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'")
        for ports in [(client: UInt16(40_000), server: UInt16(40_001)), (client: 40_001, server: 40_000)] {
            let segment = TCP(fromClient: speaker == "C", sequence: 500, text: text, ports: ports)
            // Of a presence nobody knows; the higher port is taken for the client's.
            guard text != "<presence/>" || ports.client > ports.server else { continue }
            let told = try ForeignPackets.read(pcap([segment])).told
            #expect(told.last == "1 \(speaker == "C" ? "C->S" : "S->C") \(text)", "\(ports)")
        }
    }

    @Test("a direction that nobody captured is told as missing")
    func oneDirection() throws {
        let up = try ForeignPackets.read(pcap(conversation.filter(\.fromClient))).told
        #expect(up.prefix(3) == ["1 opened 41000 5222", "1 lost S->C ?", "1 C->S \(hello)<iq id='1'/><r/>"])
        let down = try ForeignPackets.read(pcap(conversation.filter { !$0.fromClient })).told
        #expect(down.prefix(3) == ["1 opened 41000 5222", "1 lost C->S ?", "1 S->C \(answer)"])
    }

    @Test("a connection begins with its SYN, not with its first byte")
    func beginning() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/foreign"
        try Data(pcap(conversation)).write(to: URL(fileURLWithPath: path))
        let reader = try CaptureReader(path: path, ports: [])
        let times = [try reader.next()?.time, try reader.next()?.time, try reader.next()?.time]
        // The packets of this file are a microsecond apart; the first byte is in the fourth.
        #expect(times.compactMap { $0 }.map { $0 % 1_000_000_000 } == [0, 0, 3_000])
    }

    @Test("ports that are used again begin another connection")
    func portsAgain() throws {
        let again = conversation.map { tcp in
            var tcp = tcp
            tcp.sequence = tcp.sequence &+ 5_000_000
            return tcp
        }
        let open = Array(conversation.dropLast(2))
        let told = try ForeignPackets.read(pcap(open + again)).told
        #expect(told.contains("1 ended \(hello.utf8.count + 12) \(answer.utf8.count)"))
        #expect(told.contains("2 opened 41000 5222"))
        #expect(told.last == whole.last?.replacing("1 ended", with: "2 ended"))
    }

    @Test("a reset ends the connection")
    func reset() throws {
        let told = try ForeignPackets.read(
            pcap(conversation.prefix(5) + [TCP(fromClient: false, sequence: 0, flags: 0x04)])
        ).told
        #expect(told.suffix(2).first == "1 reset S->C")
    }

    @Test("what is no XMPP is left out and counted; a port can be insisted on")
    func leftOut() throws {
        var other = conversation
        for index in other.indices {
            other[index].ports = (50_000, 80)
            if other[index].text == hello {
                other[index].text = "GET / HTTP/1.1" + String(repeating: "\r", count: hello.utf8.count - 14)
            }
            if other[index].text == answer {
                other[index].text = "HTTP/1.1 200 OK" + String(repeating: "\r", count: answer.utf8.count - 15)
            }
        }
        let udp = ForeignPackets.four([0, 1, 2, 3, 4, 5, 6, 7], fromClient: true).enumerated().map {
            $0.offset == 9 ? 17 : $0.element
        }
        let bytes = ForeignPackets.pcap(packets(conversation + other) + [udp], linkType: 101)
        let result = try ForeignPackets.read(bytes)
        #expect(result.told == whole)
        #expect(
            result.leftOut
                == LeftOutTraffic(connections: 1, bytes: hello.utf8.count + answer.utf8.count + 16, packets: 1)
        )
        #expect(try ForeignPackets.read(bytes, ports: [80]).told.contains("2 opened 50000 80"))
    }

    @Test("files that are cut or false end in a message or in what could be read, never otherwise")
    func damage() throws {
        let good = ForeignPackets.pcap(packets(conversation), linkType: 101)
        // Cut in the middle of its last packet, a file is read up to it.
        #expect(try ForeignPackets.read(Array(good.dropLast(5))).told == Array(whole.dropLast(2)))
        for count in stride(from: 4, to: good.count, by: 13) { _ = try? ForeignPackets.read(Array(good.prefix(count))) }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            var bytes = good
            for _ in 0..<4 {
                bytes[Int.random(in: 24..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            _ = try? ForeignPackets.read(bytes)
        }
        #expect(throws: CaptureError.self) { try ForeignPackets.read(ForeignPackets.pcap([], linkType: 147)) }
        #expect(throws: CaptureError.self) { try ForeignPackets.read([0x1F, 0x8B, 8, 0]) }
        #expect(throws: CaptureError.self) { try ForeignPackets.read(Array("plain text".utf8)) }
    }

    @Test(
        "what is XMPP is told by its first bytes",
        arguments: [
            (
                "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams'",
                TrafficDetector.Verdict.xmpp
            ),
            ("<?xml version='1.0'?><html>", .unknown), ("  <iq type='get'", .xmpp), ("<message", .xmpp),
            ("POST /http-bind HTTP/1.1\r\n\r\n<body xmlns='jabber:client'", .other),
            ("", .unknown), ("\u{16}\u{3}\u{1}", .tls(isXMPP: false)),
            ("\u{16}\u{3}\u{1}...xmpp-client", .tls(isXMPP: true)),
            ("half a stanza</body><x xmlns='jabber:client'/>", .xmpp),
            ("SSH-2.0-OpenSSH\r\n" + String(repeating: "x", count: 300), .other),
        ]
    )
    func detection(_ text: String, _ verdict: TrafficDetector.Verdict) {
        #expect(TrafficDetector.judge(Array(text.utf8)) == verdict)
    }
}
