import Testing

@testable import Transcript

@Suite("Times and numbers")
struct UTCTimeTests {
    @Test(
        "a moment is told in UTC",
        arguments: [
            (0, "1970-01-01 00:00:00.000 UTC", "1970-01-01T00:00:00.000000Z"),
            (1_795_410_940_123_456_789, "2026-11-23 05:15:40.123 UTC", "2026-11-23T05:15:40.123456Z"),
            (951_782_399_999_999_999, "2000-02-28 23:59:59.999 UTC", "2000-02-28T23:59:59.999999Z"),
            (951_782_400_000_000_000, "2000-02-29 00:00:00.000 UTC", "2000-02-29T00:00:00.000000Z"),
            (4_107_542_400_000_000_000, "2100-03-01 00:00:00.000 UTC", "2100-03-01T00:00:00.000000Z"),
            (1_735_689_599_000_000_000, "2024-12-31 23:59:59.000 UTC", "2024-12-31T23:59:59.000000Z"),
            (UInt64.max, "2554-07-21 23:34:33.709 UTC", "2554-07-21T23:34:33.709551Z"),
        ] as [(UInt64, String, String)]
    )
    func moment(nanoseconds: UInt64, title: String, rfc3339: String) {
        var bytes: [UInt8] = []
        UTCTime(nanoseconds: nanoseconds).appendRFC3339(to: &bytes)
        #expect(UTCTime(nanoseconds: nanoseconds).title == title)
        #expect(String(decoding: bytes, as: UTF8.self) == rfc3339)
    }

    @Test(
        "seconds have a fixed number of digits",
        arguments: [
            (0.2134, "0.213"), (0, "0.000"), (59.9996, "60.000"), (-0.0005, "-0.001"), (.nan, "0.000"),
            (.infinity, "1000000000.000"), (-1e300, "-1000000000.000"),
        ] as [(Double, String)]
    )
    func seconds(value: Double, text: String) {
        var bytes: [UInt8] = []
        bytes.append(seconds: value, places: .milliseconds)
        #expect(String(decoding: bytes, as: UTF8.self) == text)
    }

    @Test(
        "whole numbers are padded",
        arguments: [(7, "007"), (1234, "1234"), (.min, "-9223372036854775808")] as [(Int, String)]
    )
    func whole(value: Int, text: String) {
        var bytes: [UInt8] = []
        bytes.append(decimal: value, digits: 3)
        #expect(String(decoding: bytes, as: UTF8.self) == text)
    }
}

@Suite("Title lines")
struct TitleLinesTests {
    @Test("say who, when and by what")
    func known() {
        let lines = TitleLines.make(
            domain: "jabber.org",
            client: "127.0.0.1:41234",
            server: "127.0.0.1:15222",
            time: 1_795_410_940_123_456_789,
            program: "stanzatap 0.1.0"
        )
        #expect(
            lines == [
                "XMPP session with jabber.org",
                "Client 127.0.0.1:41234, server jabber.org (127.0.0.1:15222), 2026-11-23 05:15:40.123 UTC, stanzatap 0.1.0",
            ]
        )
    }

    @Test("say what is not known")
    func unknown() {
        let lines = TitleLines.make(domain: nil, client: "[::1]:1", server: nil, time: nil, program: "stanzatap 0.1.0")
        #expect(
            lines == ["XMPP session with an unknown server", "Client [::1]:1, server not reached, stanzatap 0.1.0"]
        )
    }
}
