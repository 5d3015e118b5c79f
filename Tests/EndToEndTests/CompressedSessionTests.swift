import Foundation
import TestKit
import Testing

/// gloox takes compression up as soon as it is offered: by jabberd2 before the login, by ejabberd after it.
@Suite(.serialized, .enabled(if: hasPeers, "real servers and clients are not installed: tools/setup --tests"))
struct CompressedSessionTests {
    @Test("a compressed session is told like any other", .timeLimit(.minutes(2)), arguments: ["jabberd2", "ejabberd"])
    func zlib(at name: String) throws {
        let server = try Server(name, options: ["--compress"])
        let recorder = try Recorder(server, options: ["--domain", server.domain])
        let result = try runClient(
            "gloox",
            port: recorder.port,
            user: "gloox",
            encryption: .none,
            options: ["--compress"],
            actions: ["register", "login", "message", "remove"]
        )
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(recorder.stop() == 0)
        let text = recorder.process.output.text
        #expect(text.contains("[Compression begins: what follows is compressed by zlib, and told here unpacked"))
        #expect(text.contains("<body>"), "the message was said inside the compressed stream")
        #expect(!text.contains("not explained"))
        let bodies = text.components(separatedBy: "<compressed ")
        #expect(bodies.last?.contains("<stream:stream") == true)
        try expectShowEqualsLive(recorder)
    }
}
