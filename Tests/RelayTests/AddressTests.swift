import Capture
import Testing
import XMPP

@testable import Relay

@Suite("addresses as text")
struct AddressTests {
    @Test(
        "what can be read",
        arguments: [
            ("example.org", "example.org", 5222), ("example.org:15222", "example.org", 15222),
            ("192.0.2.1", "192.0.2.1", 5222), ("192.0.2.1:1", "192.0.2.1", 1),
            ("bücher.example:5223", "bücher.example", 5223), ("::1", "::1", 5222), ("[::1]", "::1", 5222),
            ("[2001:db8::1]:65535", "2001:db8::1", 65535),
        ]
    )
    func upstream(text: String, host: String, port: UInt16) throws {
        let address = try UpstreamAddress(argument: text)
        #expect(address == UpstreamAddress(host: host, port: port))
        #expect(try UpstreamAddress(argument: address.description) == address)
    }

    @Test(
        "what cannot be read",
        arguments: [
            ("", "the host is missing"), (":5222", "the host is missing"), ("[::1", "']' is missing"),
            ("[example.org]", "IPv6 address"), ("[::1]5222", "only a port"), ("[::1]:", "0 to 65535"),
            ("host:port", "0 to 65535"), ("host:65536", "0 to 65535"), ("host:-1", "0 to 65535"),
            ("host:0", "port 0"), ("2001:db8::1:99999", "as [2001:db8::1]:5222"), ("a b", "neither spaces"),
            ("http://example.org", "neither spaces"), ("host:", "0 to 65535"),
            ("i❤.ws", "no name of a host: its label"),
            (String(repeating: "ü", count: 32_000), "longer than 1023 bytes"),
        ]
    )
    func wrongUpstream(text: String, hint: String) {
        let error = #expect(throws: AddressTextError.self) { try UpstreamAddress(argument: text) }
        #expect(error?.description.contains(hint) == true, "\(error?.description ?? "")")
    }

    @Test func listeners() throws {
        #expect(try ListenAddress(argument: "127.0.0.1").description == "127.0.0.1:5222")
        #expect(try ListenAddress(argument: "localhost:0").description == "127.0.0.1:0")
        #expect(try ListenAddress(argument: "[::1]:7").description == "[::1]:7")
        #expect(throws: AddressTextError.self) { try ListenAddress(argument: "example.org") }
    }

    @Test func resolvers() throws {
        #expect(try ResolverAddress(argument: "192.0.2.53").description == "192.0.2.53:53")
        #expect(try ResolverAddress(argument: "[::1]:5353").description == "[::1]:5353")
        #expect(throws: AddressTextError.self) { try ResolverAddress(argument: "dns.example") }
        #expect(throws: AddressTextError.self) { try ResolverAddress(argument: "127.0.0.1:0") }
    }

    @Test(
        "the server that a stream header names",
        arguments: [
            ("example.org", "example.org"), ("EXAMPLE.org.", "example.org"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("192.0.2.1", "192.0.2.1:5222"), ("::1", "[::1]:5222"), ("[::1]", "[::1]:5222"),
            ("bücher.example", "xn--bcher-kva.example"), ("BU\u{308}CHER.example.", "xn--bcher-kva.example"),
            ("i❤.ws", nil), ("", nil), (".", nil), ("a..b", nil), ("user@example.org", nil), ("a b", nil),
            ("[192.0.2.1]", nil), (String(repeating: "a", count: 64), nil),
            (Array(repeating: "abcdefg", count: 40).joined(separator: "."), nil), ("a\u{0}b", nil),
        ] as [(String, String?)]
    )
    func domains(text: String, expected: String?) {
        switch try? ServerDomain(text) {
        case .address(let endpoint): #expect(endpoint.description == expected)
        case .name(let domain): #expect(domain.ascii == expected)
        case nil: #expect(expected == nil)
        }
    }

    @Test(
        "the relay's own addresses",
        arguments: [
            ("127.0.0.1:5222", "127.0.0.1:5222", true), ("127.0.0.1:5222", "127.0.0.1:5223", false),
            ("127.0.0.1:5222", "127.0.0.2:5222", false), ("127.0.0.1:5222", "0.0.0.0:5222", true),
            ("127.0.0.1:5222", "[::ffff:127.0.0.1]:5222", true), ("[::1]:5222", "[::1]:5222", true),
            ("0.0.0.0:5222", "127.0.0.9:5222", true), ("0.0.0.0:5222", "192.0.2.7:5222", true),
            ("0.0.0.0:5222", "192.0.2.8:5222", false), ("[::]:5222", "192.0.2.7:5222", true),
            ("192.0.2.7:5222", "127.0.0.1:5222", false), ("192.0.2.7:5222", "192.0.2.7:5222", true),
        ]
    )
    func own(listener: String, target: String, isOwn: Bool) throws {
        let own = OwnAddresses(listeners: [try #require(Endpoint(listener))], machine: { [[192, 0, 2, 7]] })
        #expect(own.contains(try #require(Endpoint(target))) == isOwn)
    }
}
