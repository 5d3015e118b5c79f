import Conversation
import Filter
import Testing
import XMLStream
import XMPP

@testable import Replay

private let streamHeader =
    "<stream:stream from='jabber.test' id='s1' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

/// A client asks, hears something that nobody asked for, and is answered.
private let recording = """
    C->S 001
    <stream:stream to='jabber.test' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>

    S->C 002
    \(streamHeader)

    S->C 003
    <stream:features/>

    C->S 004
    <iq id='r1' type='get'><ping xmlns='urn:xmpp:ping'/></iq>

    S->C 005
    <presence from='jabber.test'/>

    S->C 006
    <iq id='r1' type='result'/>

    C->S 007
    </stream:stream>
    """

@Suite("packets that the user wants to hear nothing of")
struct IgnoredPacketTests {
    private func begun(_ ignored: String) throws -> ReplayPlay {
        var options = ClientReplayOptions()
        options.rules.ignore(try PacketFilter(ignored))
        var play = try ReplayPlay(recording, options: options)
        _ = play.next()
        play.connected()
        _ = play.next()
        play.receives(streamHeader + "<stream:features/>")
        #expect(play.next() == ["<iq id='r1' type='get'><ping xmlns='urn:xmpp:ping'/></iq>"])
        return play
    }

    @Test("they are not waited for", arguments: ["~kind presence", "/presence", "~in and not /iq", "~jid jabber.test"])
    func missing(_ ignored: String) throws {
        var play = try begun(ignored)
        play.receives("<iq id='r1' type='result'/>")
        #expect(play.next() == ["</stream:stream>"])
        play.ends()
        #expect(play.next() == ["close output 1"])
        #expect(try #require(play.summary).isAsRecorded)
    }

    @Test("they may come, also other ones than recorded", arguments: ["~kind presence", "/presence"])
    func unexpected(_ ignored: String) throws {
        var play = try begun(ignored)
        play.receives("<presence from='jabber.test' type='unavailable'/><presence from='a@jabber.test'/>")
        play.receives("<iq id='r1' type='result'/>")
        #expect(play.next() == ["</stream:stream>"])
        play.ends()
        #expect(try #require(play.summary).isAsRecorded)
    }

    @Test("others are told")
    func others() throws {
        var play = try begun("~kind message")
        play.receives("<presence from='jabber.test' type='unavailable'/>")
        play.receives("<iq id='r1' type='result'/>")
        _ = play.next()
        play.ends()
        #expect(try #require(play.summary).differences == 1)
    }

    @Test("an answer is waited for, for what comes next may need it")
    func answers() throws {
        var play = try begun("/iq")
        play.receives("<presence from='jabber.test'/>")
        #expect(play.next() == [])
        play.receives("<iq id='r1' type='error'/>")
        #expect(play.next() == ["</stream:stream>"])
        play.ends()
        #expect(try #require(play.summary).isAsRecorded)
    }
}
