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
}

/// HAProxy on a free port, in front of a port; ended with this value.
private final class Balancer {
    let port: Int
    private let process: ChildProcess
    private let folder: TemporaryFolder

    init(before upstream: Int, option: String) throws {
        folder = try TemporaryFolder()
        // The port is free again before HAProxy takes it; nobody else asks for one in between but by chance.
        port = try RawListener().port
        let configuration = folder.path + "/haproxy.cfg"
        try """
        defaults
          mode tcp
          timeout connect 5s
          timeout client 60s
          timeout server 60s
        listen test
          bind 127.0.0.1:\(port)
          server stanzatap 127.0.0.1:\(upstream) \(option)

        """.write(toFile: configuration, atomically: true, encoding: .utf8)
        process = try ChildProcess("/usr/sbin/haproxy", ["-db", "-f", configuration])
        let deadline = Date().addingTimeInterval(20)
        while (try? RawPeer(port: port)) == nil, Date() < deadline { usleep(20_000) }
    }
}
