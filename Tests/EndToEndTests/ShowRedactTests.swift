import Foundation
import TestKit
import Testing

@Suite("show --redact")
struct ShowRedactTests {
    private let samples = checkout + "/captures/samples/"

    @Test("every format is without the password", arguments: ["text", "jsonl", "ladder", "svg", "html", "pcapng"])
    func formats(_ format: String) throws {
        let folder = try TemporaryFolder()
        func shown(_ options: [String]) throws -> String {
            let path = "\(folder.path)/\(options.count)"
            let arguments = ["show", "--format", format, "-o", path] + options + [samples + "ejabberd-plain.pcapng"]
            let result = try run(Recorder.executable, arguments)
            #expect(result.status == 0, "\(result.errors)")
            #expect(options.isEmpty || result.errors.contains("replaced"), "\(result.errors)")
            return String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        }
        let password = "<password>1234</password>"
        let (plain, redacted) = (try shown([]), try shown(["--redact"]))
        let tag = format == "svg" || format == "ladder" ? "test3" : "password"
        #expect(plain.contains(tag) && redacted.contains(tag))
        #expect(!redacted.contains(password) && !redacted.contains(password.replacing("<", with: "&lt;")))
        #expect(format != "jsonl" || plain.contains(password))
    }

    @Test("each line leads back to the recorder, the capture and the connection")
    func lines() throws {
        let result = try run(
            Recorder.executable,
            ["show", "--redact", "--format", "jsonl", samples + "ejabberd-plain.pcapng"]
        )
        let lines = result.output.split(separator: "\n")
        for line in lines {
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(object["file"] as? String == "ejabberd-plain.pcapng", "\(line)")
            #expect(object["connection"] as? Int != nil)
        }
        #expect(lines.count > 5)
    }

    @Test("a script is refused, and a transcript that cannot be read whole")
    func refused() throws {
        let script = try run(
            Recorder.executable,
            ["show", "--redact", "--format", "scs", samples + "ejabberd-plain.pcapng"]
        )
        #expect(script.status == 2 && script.errors.contains("stanzatap redact"), "\(script.errors)")
        let text = try run(Recorder.executable, ["show", "--redact", samples + "ejabberd-plain.txt"])
        #expect(text.status == 0 && !text.output.contains("<password>1234</password>"), "\(text.errors)")
    }
}
