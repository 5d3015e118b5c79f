import TestKit
import Testing

@Suite(.serialized, .enabled(if: hasPeers, "real servers and clients are not installed: tools/setup --tests"))
struct ScansionTests {
    @Test(
        "a script goes as written at Prosody, and so does the script of its recording",
        arguments: [[], ["--exported"]]
    )
    func rules(_ options: [String]) throws {
        let script = checkout + "/Tests/Fixtures/rules.scs"
        let result = try run(
            checkout + "/tools/peers/scansion",
            [script, "--program", Recorder.executable] + options
        )
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }
}
