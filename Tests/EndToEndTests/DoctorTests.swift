import Foundation
import Glibc
import TestKit
import Testing

@testable import stanzatap

/// What `stanzatap doctor` says, with a folder of its own for the authority and the recordings.
private func doctor(_ options: String, in folder: TemporaryFolder) throws -> (
    status: Int32?, output: String, errors: String
) {
    let arguments = "doctor --data-dir data --listen 127.0.0.1:0 \(options)".split(separator: " ").map(String.init)
    let process = try ChildProcess(Recorder.executable, arguments, directory: folder.path)
    process.closeInput()
    let status = process.wait()
    return (status, process.output.text, process.errors.text)
}

@Suite("doctor")
struct DoctorTests {
    private let folder: TemporaryFolder
    private let names: NameServer

    init() throws {
        folder = try TemporaryFolder()
        names = try NameServer()
    }

    private var resolver: String { "--resolver 127.0.0.1:\(names.port)" }

    private func exists(_ name: String) -> Bool { access("\(folder.path)/\(name)", F_OK) == 0 }

    @Test("where all is well nothing is a problem, and nothing is made")
    func well() throws {
        let result = try doctor(resolver, in: folder)
        #expect(result.status == 0 && result.errors.isEmpty, "\(result)")
        #expect(result.output.contains("note     certificate authority: there is none yet in \(folder.path)/data"))
        for line in ["port: 127.0.0.1:0 is free", "name server: 127.0.0.1:\(names.port) answers", "clock: 20"] {
            #expect(result.output.contains("\nok       \(line)"), "\(result.output)")
        }
        #expect(result.output.contains("are free on the disk of captures, which the first recording makes"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        for line in result.output.split(separator: "\n") {
            #expect(["ok       ", "note     ", "problem  ", "         "].contains { line.hasPrefix($0) }, "\(line)")
        }
    }

    @Test("an authority is told with its end, and whether this system trusts it")
    func authority() throws {
        _ = try run(Recorder.executable, ["ca", "path", "--data-dir", folder.path + "/data"])
        let sound = try doctor(resolver, in: folder)
        #expect(sound.status == 0)
        #expect(sound.output.hasPrefix("ok       certificate authority: \(folder.path)/data/ca.pem, valid until 20"))
        #expect(sound.output.contains("\nnote     trust: this system does not trust the certificate authority"))
        chmod(folder.path + "/data/ca-key.pem", 0o644)
        let open = try doctor(resolver, in: folder)
        #expect(open.status == 1)
        #expect(open.output.hasPrefix("problem  certificate authority: other users may read or write "))
        #expect(open.output.contains("chmod 600 \(folder.path)/data/ca-key.pem"))
        chmod(folder.path + "/data/ca-key.pem", 0o600)
        unlink(folder.path + "/data/ca.pem")
        let half = try doctor(resolver, in: folder)
        #expect(half.status == 1 && half.output.contains("ca.pem is missing, the certificate for "))
        #expect(!exists("data/ca.pem"))
    }

    @Test("an authority that cannot be made is a problem")
    func noPlace() throws {
        try Data().write(to: URL(fileURLWithPath: folder.path + "/file"))
        let result = try doctor("\(resolver) --data-dir file/data", in: folder)
        #expect(result.status == 1)
        #expect(result.output.hasPrefix("problem  certificate authority: there is none, and none can be made in "))
    }

    @Test("who holds the port is told")
    func port() throws {
        let listener = try RawListener()
        let result = try doctor("\(resolver) --listen 127.0.0.1:\(listener.port)", in: folder)
        #expect(result.status == 1)
        let start = "problem  port: 127.0.0.1:\(listener.port) is held by "
        #expect(result.output.contains(start) && result.output.contains("(process \(getpid()))\n"), "\(result.output)")
        #expect(result.output.contains("record elsewhere: stanzatap record --listen 127.0.0.1:15222"))
        let recorder = try Recorder(upstream: 1)
        let own = try doctor("\(resolver) --listen 127.0.0.1:\(recorder.port)", in: folder)
        #expect(own.output.contains("is held by stanzatap (process \(recorder.process.identifier))"))
        #expect(recorder.stop() == 0)
        let foreign = try doctor("\(resolver) --listen 192.0.2.1:5222", in: folder)
        #expect(foreign.status == 1 && foreign.output.contains("problem  port: this machine has no address 192.0.2.1"))
    }

    @Test("servers are found as a client finds them, and a silent name server is told")
    func servers() throws {
        let none = try doctor("\(resolver) --domain nothing.test", in: folder)
        #expect(none.status == 1)
        #expect(none.output.contains("problem  servers of nothing.test: the name server says that there is no such"))
        let silent = try doctor("--resolver 127.0.0.1:1 --domain nothing.test", in: folder)
        #expect(silent.status == 1)
        #expect(silent.output.contains("problem  name server: 127.0.0.1:1 does not answer"), "\(silent.output)")
        let wrong = try doctor("--domain a..b", in: folder)
        #expect(wrong.status == 2 && wrong.output.isEmpty && wrong.errors.contains("is no domain"))
    }

    @Test("a folder that cannot be written to is a problem", .enabled(if: access("/sys/kernel", F_OK) == 0))
    func folderOfRecordings() throws {
        let file = folder.path + "/file"
        try Data().write(to: URL(fileURLWithPath: file))
        let result = try doctor("\(resolver) --out \(file)", in: folder)
        #expect(result.status == 1 && result.output.contains("problem  recordings: \(file) is a file, not a folder"))
        let below = try doctor("\(resolver) --out \(file)/captures", in: folder)
        #expect(below.status == 1 && below.output.contains("\(file) is a file, not a folder"))
    }
}

@Suite("what doctor makes of what the machine tells")
struct CheckupTests {
    @Test(
        "room on the disk",
        arguments: [
            (67 << 30, true, "ok       recordings: 67 GiB are free"), (500 << 20, true, "note     recordings: 500 MiB"),
            (20 << 20, true, "problem  recordings: 20 MiB"), (0, true, "problem  recordings: 0 KiB"),
            (67 << 30, false, "problem  recordings: on the disk of x there can be no more files"),
        ] as [(Int, Bool, String)]
    )
    func room(_ free: Int, _ hasFileNumbers: Bool, _ says: String) {
        #expect(MachineCheckup.room(free, hasFileNumbers: hasFileNumbers, "x", ".").text.hasPrefix(says))
    }

    @Test(
        "the right to listen on interfaces",
        arguments: [
            ("Name:\tx\nCapPrm:\t0000000000002000\nCapEff:\t0000000000002000\n", true),
            ("CapEff:\t000001ffffffffff\n", true), ("CapEff:\t0000000000000000\nCapBnd:\t000001ffffffffff\n", false),
            ("CapEff:\t00000000a80405fb\n", false), ("", false), ("CapEff:\tx\n", false),
        ]
    )
    func sniffing(_ status: String, _ isAllowed: Bool) {
        #expect(MachineCheckup.allowsSniffing(status) == isAllowed)
    }

    @Test("who listens on a port stands in /proc/net/tcp")
    func listeners() {
        let table = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1466 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0
               1: 0100007F:1466 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 20 4 30 10 -1
               2: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 100 0 0 10 0
            """
        #expect(PortHolder.listeners(in: table, on: 5222) == [4711])
        #expect(PortHolder.listeners(in: table, on: 22) == [4713])
        #expect(PortHolder.listeners(in: "nonsense\n1 2 3", on: 22).isEmpty)
    }

    @Test(
        "paths stand in commands as a shell takes them",
        arguments: [("/usr/bin/x", "/usr/bin/x"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("", "''")]
    )
    func quoting(_ path: String, _ quoted: String) { #expect(quotedForShell(path) == quoted) }
}

/// A name server on a free UDP port of 127.0.0.1 that knows no name: it answers NXDOMAIN to everything.
private final class NameServer: Sendable {
    let port: UInt16
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { [descriptor] in
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) | getsockname(descriptor, $0, &size)
            }
        }
        try #require(descriptor >= 0 && result == 0)
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [descriptor] in
            var question = [UInt8](repeating: 0, count: 2048)
            while true {
                var from = sockaddr()
                var size = socklen_t(MemoryLayout<sockaddr>.size)
                let count = recvfrom(descriptor, &question, question.count, 0, &from, &size)
                guard count >= 12 else {
                    close(descriptor)
                    return
                }
                var answer = Array(question.prefix(count))
                answer[2] |= 0x80
                answer[3] = answer[3] & 0xF0 | 3
                sendto(descriptor, answer, answer.count, 0, &from, size)
            }
        }
    }

    deinit { shutdown(descriptor, Int32(SHUT_RDWR)) }
}
