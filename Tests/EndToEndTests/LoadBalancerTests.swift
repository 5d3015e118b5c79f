import Foundation
import Glibc
import TestKit
import Testing

@Suite("behind a load balancer", .enabled(if: hasPeers, "haproxy is not installed: run tools/setup --tests"))
struct LoadBalancerTests {
    @Test(
        "HAProxy tells who the client is, in both versions of its protocol",
        arguments: ["send-proxy", "send-proxy-v2"]
    )
    func address(option: String) throws {
        let server = try Server("prosody")
        let recorder = try Recorder(server, options: ["--proxy-protocol"])
        let balancer = try Balancer(before: recorder.port, option: option)
        let client = try RawPeer(port: balancer.port)
        client.send(
            "<stream:stream to='jabber.test' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
        )
        #expect(client.read(until: "</stream:features>"))
        let own = client.localPort
        client.closeOutput()
        client.readToEnd()
        #expect(recorder.stop() == 0)
        // The first connection was the one that waited for HAProxy.
        let told = recorder.process.output.text
        #expect(told.contains("Client 127.0.0.1:\(own), server"), "\(told)")
    }

    @Test("two recorders behind HAProxy share the clients by their address, and each client stays with one")
    func twoRecorders() throws {
        let server = try Server("prosody")
        let recorders = try (0..<2).map { _ in try Recorder(server, options: ["--proxy-protocol"]) }
        let balancer = try Balancer(before: recorders.map(\.port), option: "send-proxy-v2")
        let hosts = UInt8(11)...UInt8(26)
        for host in hosts {
            for _ in 0..<2 {
                let client = try RawPeer(port: balancer.port, fromHost: host)
                client.send(
                    "<stream:stream to='jabber.test' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
                )
                #expect(client.read(until: "</stream:features>"))
                client.closeOutput()
                client.readToEnd()
            }
        }
        for recorder in recorders { #expect(recorder.stop() == 0) }
        let told = recorders.map(\.process.output.text)
        for host in hosts {
            let counts = told.map { $0.components(separatedBy: "Client 127.0.0.\(host):").count - 1 }
            #expect(counts.sorted() == [0, 2], "127.0.0.\(host): \(counts)")
        }
        #expect(told.allSatisfy { $0.contains("Client 127.0.0.") }, "one of them got nobody")
    }
}

/// HAProxy on a free port, in front of one or more others, chosen by the client's address; ended with this value.
private final class Balancer {
    let port: Int
    private let process: ChildProcess
    private let folder: TemporaryFolder

    convenience init(before upstream: Int, option: String) throws { try self.init(before: [upstream], option: option) }

    init(before upstreams: [Int], option: String) throws {
        folder = try TemporaryFolder()
        // The port is free again before HAProxy takes it; nobody else asks for one in between but by chance.
        port = try RawListener().port
        let configuration = folder.path + "/haproxy.cfg"
        let servers = upstreams.enumerated().map { "  server recorder\($0) 127.0.0.1:\($1) \(option)\n" }.joined()
        try """
        defaults
          mode tcp
          timeout connect 5s
          timeout client 60s
          timeout server 60s
        listen test
          bind 127.0.0.1:\(port)
          balance source
          hash-type consistent
        \(servers)
        """.write(toFile: configuration, atomically: true, encoding: .utf8)
        process = try ChildProcess("/usr/sbin/haproxy", ["-db", "-f", configuration])
        let deadline = Date().addingTimeInterval(20)
        // It tells nobody when it listens, so it is tried.
        while (try? RawPeer(port: port)) == nil, Date() < deadline { usleep(20_000) }
    }
}
