import Capture
import Foundation
import TestKit
import Testing
import Transcript
import XMLStream
import XMPP

@testable import Output

private func drawn(_ format: LadderSink.Format, codes: Bool = false) throws -> String {
    let title = ConnectionTitle(connection: 1, lines: ["XMPP session with <a>", "Client 127.0.0.1:1"])
    var options = TextOptions()
    options.showsCodes = codes
    let bytes = try written(title) { LadderSink(format, $0, options: options, program: "stanzatap test") }
    return String(decoding: bytes, as: UTF8.self)
}

@Suite("exports")
struct ExportTests {
    @Test("a page holds no tag but its own, whatever was in a packet")
    func page() throws {
        let page = try drawn(.html)
        #expect(page.components(separatedBy: "<script>").count == 2)
        #expect(page.components(separatedBy: "</script>").count == 2)
        #expect(!page.contains("<b>"))
        #expect(!page.contains("\u{202E}"))
        #expect(page.contains("default-src 'none'"))
        #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("src="))
        #expect(page.contains("id=\"c1p1\"") && page.contains("href=\"#c1p1\">answers 1"))
        // Request and answer have the same colour.
        #expect(page.components(separatedBy: " pair h5").count == 3)
    }

    @Test("a picture is well-formed XML without script")
    func picture() throws {
        let picture = try drawn(.svg)
        #expect(!picture.contains("<script"))
        let parser = StreamParser()
        parser.append(Array("<s xmlns='jabber:client'>".utf8))
        _ = parser.next()
        parser.append(Array(picture.drop { $0 != "\n" }.utf8))
        var found = false
        while let event = parser.next() { if case .element(let element) = event.kind { found = element.name == "svg" } }
        #expect(found)
    }

    @Test("a ladder keeps to its columns", arguments: [60, 80, 100, 200])
    func ladder(_ columns: Int) throws {
        let lines = try drawn(.text(columns: columns)).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= columns })
        #expect(lines.contains { $0.hasPrefix("001 +0.500 s") && $0.contains("|-- iq get q ") && $0.hasSuffix(">|") })
        #expect(lines.contains { $0.hasPrefix("002 +0.750 s   250.0 ms") && $0.contains("|<- iq result ") })
        #expect(lines.last == "All's well.")
    }

    @Test("codes stand behind findings where they are asked for")
    func codes() throws {
        for format in [LadderSink.Format.text(columns: 100), .svg, .html] {
            #expect(try !drawn(format).contains("password.plain"))
            #expect(try drawn(format, codes: true).contains("[password.plain]"))
        }
    }

    @Test(
        "labels",
        arguments: [
            ("<?xml version='1.0'?><s:stream xmlns:s='\(NS.streams)' xmlns='jabber:client'>", "stream header"),
            ("</stream:stream>", "end of stream"),
            ("<stream:features><starttls/></stream:features>", "features"),
            ("<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>", "error conflict"),
            ("<message type='chat'><body>x</body></message>", "message chat body"),
            ("<message type=\"chat\">\n<p:b xmlns:p='urn:p'><c/>half a pack", "message chat b"),
            ("<iq type='get' id='<q'><!-- <x/> --><query/></iq>", "packet"), ("<iq type='get' id='1'>", "iq get"),
            ("<r xmlns='urn:xmpp:sm:3'/>", "r"), ("", "packet"), ("<", "packet"), ("<a:b", "packet"),
            ("<iq type='error'><error><bad-request xmlns='\(NS.stanzaErrors)'/></error></iq>", "iq error bad-request"),
            ("<iq type='error'><query/><error><text xmlns='\(NS.stanzaErrors)'/></error></iq>", "iq error query"),
            ("<iq type='error'><error code='404'>Not found</error></iq>", "iq error"), ("<iq type='a\nb'/>", "iq a b"),
        ]
    )
    func labels(_ xml: String, _ label: String) {
        let bytes = Array(xml.utf8)
        let packet = PacketRecord(number: 1, direction: .clientToServer, xml: bytes)
        #expect(PacketLabel.make(packet, PacketRecord.Root(xml: bytes)) == label)
    }

    @Test(
        "an annotated capture is read by tshark as XMPP, each packet with its sentence",
        .enabled(
            if: FileManager.default.fileExists(atPath: "/usr/bin/tshark"),
            "tshark is not installed: tools/setup --tests"
        )
    )
    func annotated() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a.pcapng"
        let title = ConnectionTitle(
            connection: 1,
            client: "127.0.0.1:41000",
            domain: "a",
            server: "127.0.0.1:5222",
            time: 1_700_000_000_000_000_000,
            program: "p"
        )
        let bytes = try written(title) { AnnotatedCapture($0, program: "stanzatap test") }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let result = try run(
            "/usr/bin/tshark",
            ["-r", path, "-Y", "xmpp", "-T", "fields", "-e", "frame.comment", "-e", "tcp.port", "-e", "ip.src"]
        )
        #expect(result.status == 0)
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 2, "\(result.output)")
        #expect(lines.first?.contains("It says") == true)
    }
}
