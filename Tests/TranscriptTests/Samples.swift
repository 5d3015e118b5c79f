import TestKit
import XMLStream
import XMPP

@testable import Transcript

/// The founding document, its undamaged form, and the bytes of the same registration.
enum Sample: String {
    case registration = "registration.txt"
    case sourceDocument = "source-document.txt"
    case clientToServer = "client-to-server.xml"
    case serverToClient = "server-to-client.xml"

    func text() throws -> String { String(decoding: try fixture(rawValue), as: UTF8.self) }
}

/// The packets of one direction's bytes.
func packets(of text: String) -> [StreamEvent] {
    let parser = StreamParser()
    parser.append(Array(text.utf8))
    var events: [StreamEvent] = []
    while let event = parser.next() { if event.kind != .whitespace { events.append(event) } }
    return events
}

/// What one packet in the middle of a stream means; nil if it is not well-formed.
func meaning(_ xml: [UInt8]) -> Element? {
    let header = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
    let parser = StreamParser()
    parser.append(Array(header.utf8) + xml)
    _ = parser.next()
    guard let event = parser.next(), parser.unreadCount == 0 else { return nil }
    switch event.kind {
    case .element(let element), .header(let element): return element
    case .whitespace, .strayText, .end, .oversized, .failure: return nil
    }
}

func laidOut(_ xml: String) -> String { laidOut(Array(xml.utf8)) }

/// The layout undone, as the reader does it.
func joined(_ text: String) -> [UInt8] {
    var layout = LaidOutXML()
    for (index, line) in TextLine.lines(of: text).enumerated() { layout.add(line, number: index + 1) }
    return layout.bytes
}

func packet(
    _ number: Int?,
    _ xml: String,
    _ direction: Direction = .clientToServer,
    _ change: (inout PacketRecord) -> Void = { _ in }
) -> PacketRecord {
    var packet = PacketRecord(number: number, direction: direction, xml: Array(xml.utf8))
    change(&packet)
    return packet
}

extension PacketRecord {
    var xmlText: String { String(decoding: xml, as: UTF8.self) }
}
