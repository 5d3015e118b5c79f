import CZlib
import Session
import TestKit
import Testing
import XMLStream
import XMPP

private let header =
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

func compress(_ method: String) -> String {
    "<compress xmlns='http://jabber.org/protocol/compress'><method>\(method)</method></compress>"
}

let compressed = "<compressed xmlns='http://jabber.org/protocol/compress'/>"

/// One direction as zlib packs it, flushed behind each text as XEP-0138 wants it.
private func packed(_ texts: [String], ending: Int32 = Z_SYNC_FLUSH) -> [UInt8] {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    defer { stream.deallocate() }
    stream.initialize(to: z_stream())
    deflateInit_(stream, Z_BEST_COMPRESSION, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(stream) }
    var result: [UInt8] = []
    for (index, text) in texts.enumerated() {
        var input = Array(text.utf8)
        var output = [UInt8](repeating: 0, count: input.count + 1024)
        input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.pointee.next_in = input.baseAddress
                stream.pointee.avail_in = UInt32(input.count)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(output.count)
                deflate(stream, index == texts.count - 1 ? ending : Z_SYNC_FLUSH)
            }
        }
        result += output.dropLast(Int(stream.pointee.avail_out))
    }
    return result
}

/// What a session tells from `<compressed/>` on, without times.
private func told(client: [UInt8], server: [UInt8] = [], chunk: Int? = nil) -> [SessionEvent] {
    var session = Session()
    var events = session.received(Array((header + compress("zlib")).utf8)[...], .clientToServer, time: nil)
    for slice in (Array((header + compressed).utf8) + server).slices(of: chunk) {
        events += session.received(slice, .serverToClient, time: nil)
    }
    for slice in client.slices(of: chunk) { events += session.received(slice, .clientToServer, time: nil) }
    events += session.finished()
    return Array(events.drop { $0 != .compressed(time: nil) }.dropFirst())
}

private func names(_ events: [SessionEvent]) -> [String] {
    events.map { event in
        switch event {
        case .packet(let packet): "\(packet.number) \(packet.direction.rawValue) \(packet.element?.name ?? "header")"
        case .unreadable(let direction, let breakage, _): "\(direction.rawValue) \(breakage.error.reason)"
        default: "\(event)"
        }
    }
}

struct CompressionTests {
    @Test("zlib is unpacked in both directions, packets are numbered on", arguments: chunkSizes)
    func zlib(chunk: Int?) {
        let client = packed([header, "<iq id='1' type='get'><q/></iq>", "<presence/><message/>"])
        let server = packed([header + "<stream:features/>", "<message/>"])
        #expect(
            names(told(client: client, server: server, chunk: chunk)) == [
                "5 S->C header", "6 S->C features", "7 S->C message", "8 C->S header", "9 C->S iq",
                "10 C->S presence", "11 C->S message",
            ]
        )
    }

    @Test("a packet of a thousand kilobytes is unpacked whole", arguments: chunkSizes.filter { $0 == nil || $0 == 64 })
    func long(chunk: Int?) {
        let text = (0..<100_000).map { "\($0 &* 2_654_435_761 % 99_991)" }.joined()
        let events = told(client: packed([header, "<message><body>\(text)</body></message>"]), chunk: chunk)
        guard case .packet(let packet)? = events.last else { return #expect(Bool(false), "no packet") }
        #expect(packet.byteCount == text.utf8.count + 32)
        #expect(packet.element?.children.first?.text == text)
    }

    @Test("a bomb is told and unpacked no further", arguments: chunkSizes)
    func bomb(chunk: Int?) {
        let bytes = packed([header, "<message>" + String(repeating: " ", count: 20_000_000) + "</message><presence/>"])
        #expect(bytes.count < 21_000)
        let told = names(told(client: bytes, chunk: chunk))
        #expect(told.first == "5 C->S header")
        #expect(told.contains("C->S it unpacks to far more than its size, as a bomb does"))
        #expect(!told.contains { $0.hasSuffix("presence") })
    }

    @Test("much that was said before does not let a bomb pass")
    func bombWithCredit() {
        let text = (0..<400_000).map { "\($0 &* 2_654_435_761 % 99_991)" }.joined()
        let bomb = String(repeating: "<a/>", count: 5_000_000)
        let bytes = packed([header, "<message><body>\(text)</body></message>", bomb])
        let names = names(told(client: bytes, chunk: 65_000))
        #expect(names.prefix(2) == ["5 C->S header", "6 C->S message"])
        #expect(names.last == "C->S it unpacks to far more than its size, as a bomb does")
        #expect(names.count < 600_000)
    }

    static let rubbish: [(String, String)] = [
        (header, "it goes on in plain XML, although compression by zlib was agreed upon"),
        ("hello, this is text", "the bytes are not compressed by zlib"),
    ]

    @Test("bytes that zlib did not make are told, and the other direction goes on", arguments: rubbish, chunkSizes)
    func garbage(_ garbage: (text: String, reason: String), chunk: Int?) {
        let server = packed([header, "<message/>"])
        let told = names(told(client: Array(garbage.text.utf8), server: server, chunk: chunk))
        #expect(told.prefix(2) == ["5 S->C header", "6 S->C message"])
        #expect(told[2] == "C->S " + garbage.reason)
    }

    @Test("damaged bytes behind good ones are told", arguments: chunkSizes)
    func damaged(chunk: Int?) {
        let client = packed([header, "<presence/>"]) + [UInt8](repeating: 0xFF, count: 20)
        #expect(
            names(told(client: client, chunk: chunk)).last { $0.hasPrefix("C->S the") }
                == "C->S the compressed bytes are damaged"
        )
    }

    @Test("bytes behind the end of the compressed stream are told", arguments: chunkSizes)
    func ended(chunk: Int?) {
        let told = names(told(client: packed([header, "<presence/>"], ending: Z_FINISH) + [65, 66], chunk: chunk))
        #expect(told.prefix(2) == ["5 C->S header", "6 C->S presence"])
        #expect(told[2] == "C->S bytes behind the end of the compressed stream")
    }

    @Test("when bytes are missing nothing more can be unpacked")
    func lost() {
        var session = Session()
        _ = session.received(Array((header + compress("zlib")).utf8)[...], .clientToServer, time: nil)
        _ = session.received(Array((header + compressed).utf8)[...], .serverToClient, time: nil)
        let told = names(session.lost(20, .clientToServer, time: nil))
        #expect(told == ["C->S bytes of a compressed stream are missing in the capture"])
    }
}
