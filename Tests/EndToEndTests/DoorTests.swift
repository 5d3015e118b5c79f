import Foundation
import Glibc
import TestKit
import Testing

private let header =
    "<stream:stream to='TO' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
private let serverHeader =
    "<stream:stream from='a' id='1' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

@Suite("doors", .serialized)
struct DoorTests {
    @Test("--allow-domain wants a domain", arguments: ["*", "", " ", "*.example.org"])
    func allowedDomains(_ domain: String) throws {
        let result = try run(Recorder.executable, ["record", "--allow-domain", domain], seconds: 20)
        #expect(result.status == 2)
        #expect(result.errors.contains("a domain is written as example.org"), "\(result.errors)")
    }

    @Test(
        "with --upstream-tls starttls no login passes in the clear, on this machine too",
        .timeLimit(.minutes(1)),
        arguments: [true, false]
    )
    func meansSTARTTLS(_ isOffered: Bool) throws {
        let listener = try RawListener()
        let recorder = try Recorder(upstream: listener.port, options: ["--upstream-tls", "starttls"])
        let client = try RawPeer(port: recorder.port)
        let server = listener.accept()
        client.send(header.replacing("TO", with: "a"))
        #expect(server.read(until: "version='1.0'>"))
        let offer = isOffered ? "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" : ""
        server.send(
            serverHeader
                + "<stream:features>\(offer)<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></stream:features>"
        )
        client.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>")
        server.readToEnd()
        client.readToEnd()
        #expect(
            !server.text.contains("auth") && client.text.contains("policy-violation"),
            "\(server.text) \(client.text)"
        )
        #expect(recorder.stop() == 0)
        #expect(recorder.transcript().contains("--upstream-tls starttls lets nothing pass without it"))
    }

    @Test(
        "clients of other machines are not joined to this machine's own services",
        .timeLimit(.minutes(1)),
        arguments: [("192.0.2.7", true), ("127.0.0.1", false)]
    )
    func ownServices(_ client: String, _ isRefused: Bool) throws {
        let recorder = try Recorder(upstream: nil, options: ["--proxy-protocol"])
        let peer = try RawPeer(port: recorder.port)
        peer.send("PROXY TCP4 \(client) 127.0.0.1 56324 5222\r\n" + header.replacing("TO", with: "127.0.0.9"))
        peer.readToEnd()
        #expect(recorder.stop() == 0)
        #expect(recorder.transcript().contains("is this machine itself") == isRefused, "\(recorder.transcript())")
    }

    @Test("two recorders that are each other's server do not fill up", .timeLimit(.minutes(1)))
    func circle() throws {
        let port = try RawListener().port
        let options = ["--max-connections", "20", "--metrics", "127.0.0.1:0", "--quiet"]
        let far = try Recorder(upstream: port, options: options)
        let near = try Recorder(upstream: far.port, options: options + ["--listen", "127.0.0.1:\(port)"])
        let client = try RawPeer(port: near.port)
        client.send(header.replacing("TO", with: "a"))
        client.readToEnd()
        #expect(client.text.contains("remote-connection-failed"), "\(client.text)")
        client.closeOutput()
        for recorder in [near, far] {
            let found = recorder.process.errors.text.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)\/metrics/)
            let metrics = try #require(found.flatMap { Int($0.1) })
            let deadline = Date().addingTimeInterval(20)
            var open = ""
            repeat {
                let peer = try RawPeer(port: metrics)
                peer.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
                peer.readToEnd()
                open = peer.text
            } while !open.contains("stanzatap_connections_open 0\n") && Date() < deadline
            #expect(open.contains("stanzatap_connections_open 0\n"))
        }
        let told = (near.process.errors.text + far.process.errors.text).split(separator: "\n")
        #expect(told.count { $0.contains("(--max-connections)") } == 1)
        #expect(near.stop() == 0 && far.stop() == 0)
    }

    @Test("in TLS a recorder sees that its server is another one, whatever else it accepts", .timeLimit(.minutes(1)))
    func circleInTLS() throws {
        let far = try Recorder(upstream: try RawListener().port)
        let options = ["--tls", "strip", "--upstream-tls", "direct", "--upstream-insecure"]
        let near = try Recorder(upstream: far.port, options: options)
        let client = try RawPeer(port: near.port)
        client.send(header.replacing("TO", with: "a"))
        client.readToEnd()
        #expect(near.stop() == 0)
        #expect(near.transcript().contains("the server is another recorder"), "\(near.transcript())")
    }

    @Test(
        "a played server that others reach wants a password, or to be told that none is needed",
        .timeLimit(.minutes(1))
    )
    func playedServer() throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/a.txt"
        let text = "C->S 001\n\(header.replacing("TO", with: "a"))\n\nS->C 002\n\(serverHeader)\n"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let arguments = ["replay", file, "--as", "server", "--tls", "none", "--out", folder.path, "--listen"]
        let refused = try run(Recorder.executable, arguments + ["0.0.0.0:0"], seconds: 20)
        #expect(refused.status == 2 && refused.errors.contains("--any-user"), "\(refused.errors)")
        let cases = [
            ["0.0.0.0:0", "--any-user"], ["0.0.0.0:0", "--set", "password=x"], ["127.0.0.1:0"],
        ]
        for (options, says) in zip(cases, [true, false, true]) {
            let server = try ChildProcess(Recorder.executable, arguments + options)
            #expect(server.errors.wait { $0.contains("recording to ") }, "\(server.errors.text)")
            #expect(server.errors.text.contains("no password is known") == says)
            server.send(signal: SIGTERM)
            #expect(server.wait(seconds: 10) == 0)
        }
    }
}
