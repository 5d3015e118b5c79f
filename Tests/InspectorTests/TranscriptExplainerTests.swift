import Foundation
import TestKit
import Testing
import Transcript

@testable import Inspector

private let header = """
    C->S 001
    <stream:stream to='a' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>
    """
private let asked = "<iq type='get' id='1'>\n  <query xmlns='jabber:iq:register'/>\n</iq>"
private let asks = "Registration step 1 of 4: the client asks what it must fill in to register a new user."

private let asksLater = "The client asks its server what it must fill in to register, or for its registration data."

/// Texts that others wrote, told by us.
struct TranscriptExplainerTests {
    private func told(_ text: String, _ lines: TranscriptExplainer.Lines) throws -> String {
        TextWriter.text(TranscriptExplainer.explain(try TextReader.read(text).transcript, lines))
    }

    @Test("a packet without a sentence gets one, what has one keeps it")
    func untold() throws {
        let text = try told("My session\n\n\(header)\nHere it begins.\n\nC->S 002\n\(asked)\n", .stay)
        #expect(text.contains("version='1.0'>\nHere it begins.\n\n"))
        #expect(text.hasSuffix("</iq>\n\(asks)\n"))
    }

    @Test("under another title what stands there stays, and ours follows; what is said already is not said again")
    func goesBefore() throws {
        let packets = "\(header)\n\nC->S 002\n\(asked)\nIt asks.\n\nC->S 003\n<presence/>\n"
        let text = try told("My session\n\n\(packets)", .goBefore)
        #expect(text.contains("</iq>\nIt asks. \(asks)\n"))
        let again = try told(text, .goBefore)
        #expect(again.contains("</iq>\nIt asks. \(asks)\n"))
    }

    @Test("under our title all is told anew, the summary too, for each connection")
    func dropped() throws {
        let title = "XMPP session with a\nClient b, server a (c), stanzatap 0.1.0"
        let one = "\(title)\n\n\(header)\nOld.\n\nC->S 002\n\(asked)\nOld.\nWarning: old.\n\nOld summary.\n"
        let text = try told("\(one)\n\(one)", .drop)
        #expect(!text.contains("Old") && !text.contains("old."))
        #expect(text.components(separatedBy: asks).count == 3)
        #expect(text.components(separatedBy: title).count == 3)
        #expect(!text.contains("another stream"))
    }

    @Test("answers are found by the numbers of the text")
    func numbers() throws {
        let answer = "S->C 041 +1.000s\n<iq type='result' id='1'>\n  <query xmlns='jabber:iq:register'/>\n</iq>\n"
        let text = try told("\(header)\n\nC->S 040 +0.500s\n\(asked)\n\n\(answer)", .stay)
        #expect(text.contains("Answer to 040 after 500 ms."), "\(text)")
    }

    @Test("what follows STARTTLS in a text was said inside TLS")
    func startTLS() throws {
        let tls = "urn:ietf:params:xml:ns:xmpp-tls"
        let password = """
            <iq type='set' id='2'>
              <query xmlns='jabber:iq:register'>
                <username>u</username>
                <password>p</password>
              </query>
            </iq>
            """
        let secured = """
            \(header)

            C->S 002
            <starttls xmlns='\(tls)'/>

            S->C 003
            <proceed xmlns='\(tls)'/>

            \(header.replacing("001", with: "004"))

            C->S 005
            \(password)
            """
        #expect(try !told(secured, .stay).contains("unencrypted"))
        #expect(try told("\(header)\n\nC->S 002\n\(password)\n", .stay).contains("unencrypted"))
    }

    @Test("a packet that is cut is not told, and those behind it are")
    func cut() throws {
        let cut = "C->S 002\n<iq type='get'\n[9 bytes are left out of the transcript; the capture holds them all.]\n"
        let text = try told("\(header)\n\n\(cut)\nC->S 003\n\(asked)\n", .stay)
        #expect(text.contains("holds them all.]\n\nC->S 003"))
        #expect(text.hasSuffix("</iq>\n\(asksLater)\n"))
    }

    @Test("behind a jump in the numbers nothing is said of what may stand between")
    func jump() throws {
        let later =
            "C->S 009\n<iq type='set' id='2'>\n  <query xmlns='jabber:iq:register'><username>u</username></query>\n</iq>"
        let text = try told(
            "\(header)\n\nC->S 008\n\(asked)\n\n\(later)\n\n\(header.replacing("001", with: "020"))",
            .stay
        )
        #expect(text.contains(asksLater) && !text.contains("Warning") && !text.contains("did not ask"), "\(text)")
    }

    @Test("where the server's packets are missing, the client is not blamed for what it says next")
    func oneSide() throws {
        let sasl = "urn:ietf:params:xml:ns:xmpp-sasl"
        let data = [
            "C->S 003\n<auth xmlns='\(sasl)' mechanism='SCRAM-SHA-1'>\(base64("n,,n=u,r=abc"))</auth>",
            "C->S 005\n<response xmlns='\(sasl)'>\(base64("c=biws,r=abcdef,p=AAAAAAAAAAAAAAAAAAAAAAAAAAA="))</response>",
            header.replacing("001", with: "007"), "C->S 009\n\(asked)",
            "C->S 010\n\(asked.replacing("'get' id='1'", with: "'set' id='2'"))",
        ]
        let text = try told("\(header)\n\n\(data.joined(separator: "\n\n"))", .stay)
        for blame in ["SCRAM does not", "nothing asked", "does not wait", "has not logged in", "did not ask"] {
            #expect(!text.contains(blame), "\(text)")
        }
    }

    private func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    @Test("the summary counts the packets; of what a console showed nobody knows whether it was encrypted")
    func summary() throws {
        let iq = "<iq type='set' id='2'><query xmlns='jabber:iq:register'><password>p</password></query></iq>"
        let reading = try #require(BareXMLReader.read(iq + "<presence/>"))
        let text = TextWriter.text(TranscriptExplainer.explain(reading.transcript, .goBefore, isBare: true))
        #expect(text.contains("2 packets") && !text.contains("unencrypted"), "\(text)")
    }

    @Test("the transcripts of recordings stay as they are")
    func samples() throws {
        let folder = checkout + "/captures/samples"
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasSuffix(".txt") {
            let text = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
            #expect(try told(text, .stay) == text, "\(name)")
        }
    }
}
