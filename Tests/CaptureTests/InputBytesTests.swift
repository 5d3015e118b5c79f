import Foundation
import Glibc
import TestKit
import Testing
import XMPP

@testable import Capture

/// Bytes as they lie in captures: some repeat, some do not.
private let bytes = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 % 7 == 0 ? $0 &* 2_654_435_761 >> 11 : $0 / 1000) }

struct InputBytesTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/file" }

    init() throws { folder = try TemporaryFolder() }

    private func write(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

    /// What comes of it in pieces of that size, and what was wrong in the end.
    private func read(_ input: InputBytes, by count: Int = 100_000) throws -> [UInt8] {
        var all: [UInt8] = []
        while case let piece = try input.next(count), !piece.isEmpty { all += piece }
        return all
    }

    @Test(
        "the same bytes come whether they are compressed or not, from a file and from a pipe",
        arguments: Packing.allCases,
        [true, false]
    )
    func same(_ packing: Packing, _ isPipe: Bool) throws {
        let packed = try packing.packed(bytes)
        for size in [1 << 20, 4096, 977] {
            let input = try isPipe ? pipe(packed) : file(packed)
            #expect(input.isRegular == !isPipe && input.isCompressed == (packing != .none))
            #expect(try input.first(4) == Array(bytes.prefix(4)))
            #expect(try read(input, by: size) == bytes)
            #expect(input.fault == nil && input.offset == bytes.count)
        }
    }

    private func file(_ bytes: [UInt8]) throws -> InputBytes {
        try write(bytes)
        return try InputBytes(path: path)
    }

    /// A named pipe into which a thread writes.
    private func pipe(_ bytes: [UInt8]) throws -> InputBytes {
        let name = folder.path + "/pipe-\(UUID().uuidString)"
        try #require(mkfifo(name, 0o600) == 0)
        Thread.detachNewThread {
            let handle = FileHandle(forWritingAtPath: name)
            try? handle?.write(contentsOf: Data(bytes))
            try? handle?.close()
        }
        return try InputBytes(path: name)
    }

    @Test("several members follow each other, and zeros behind them are passed over", arguments: [Packing.gzip, .zstd])
    func members(_ packing: Packing) throws {
        let half = bytes.count / 2
        let parts = try packing.packed(Array(bytes[..<half])) + packing.packed(Array(bytes[half...]))
        try write(parts + (packing == .gzip ? [UInt8](repeating: 0, count: 512) : []))
        let input = try InputBytes(path: path)
        #expect(try read(input) == bytes && input.fault == nil)
    }

    @Test("what stands before a cut is read, and the cut is told", arguments: [Packing.gzip, .zstd])
    func cut(_ packing: Packing) throws {
        let packed = try packing.packed(bytes)
        for count in [packed.count / 2, packed.count * 9 / 10, packed.count - 1] {
            try write(Array(packed.prefix(count)))
            let input = try InputBytes(path: path)
            let found = try read(input)
            #expect(found.count > bytes.count / 10 && found == Array(bytes.prefix(found.count)))
            #expect(input.fault?.contains("is cut off in the middle of its compressed data") == true)
        }
        try write(Array(packed.prefix(5)))
        #expect(throws: CaptureError.self) { try InputBytes(path: path).format() }
    }

    @Test("damage is told where it is, behind what could be read", arguments: [Packing.gzip, .zstd])
    func damage(_ packing: Packing) throws {
        var packed = try packing.packed(bytes)
        // Of gzip the checksum at its end; zstd has none here, but its blocks have heads.
        let damaged = packing == .gzip ? packed.count - 8..<packed.count - 4 : packed.count / 2..<packed.count
        for index in damaged { packed[index] = ~packed[index] }
        try write(packed)
        let input = try InputBytes(path: path)
        var count = 0
        let error = #expect(throws: CaptureError.self) {
            while case let piece = try input.next(1000), !piece.isEmpty { count += piece.count }
        }
        #expect(error?.description.contains("compressed bytes (\(packing.rawValue)) are damaged") == true)
        #expect(count > 0)
    }

    @Test("what unpacks to a thousand times its size is no text, and costs no memory before that is known")
    func bomb() throws {
        let zeros = [UInt8](repeating: 65, count: 8 << 20)
        try write(try Packing.zstd.packed(zeros))
        let error = #expect(throws: CaptureError.self) { try InputBytes(path: path).contents(limit: 1 << 20) }
        #expect(error?.description.contains("more than 1 MiB") == true)
        #expect(try InputBytes(path: path).contents(limit: 8 << 20) == zeros)
        // A file as large as its owner sees it is read whole.
        try write(zeros)
        #expect(try InputBytes(path: path).contents(limit: 1 << 20).count == zeros.count)
    }

    @Test(
        "what cannot be unpacked here says with what it can be",
        arguments: [
            ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00] as [UInt8], "unxz"), ([0x42, 0x5A, 0x68, 0x39], "bunzip2"),
            ([0x50, 0x4B, 0x03, 0x04], "unzip"),
        ]
    )
    func others(_ start: [UInt8], _ program: String) throws {
        try write(start + [UInt8](repeating: 1, count: 100))
        let error = #expect(throws: CaptureError.self) { try InputBytes(path: path).format() }
        #expect(error?.description.contains("unpack it first, with \(program)") == true)
        try write(try Packing.gzip.packed(Packing.gzip.packed(bytes)))
        let twice = #expect(throws: CaptureError.self) { try InputBytes(path: path).format() }
        #expect(twice?.description.contains("compressed twice") == true)
    }

    @Test(
        "what comes from a pipe can be read again from a file without a name, for its owner only",
        arguments: Packing.allCases
    )
    func again(_ packing: Packing) throws {
        let asked = try pipe(packing.packed(bytes))
        #expect(try asked.format() == nil && !asked.isEmpty())
        let kept = try asked.readableAgain(in: folder.path)
        #expect(kept.isRegular)
        for _ in 0..<2 { #expect(try read(kept.again()) == bytes) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy { $0.hasPrefix("pipe-") })
        let plain = try file(bytes)
        #expect(try plain.readableAgain(in: "/nowhere") === plain)
    }

    @Test("before a pipe is waited for that has nothing, what was read can be shown")
    func waiting() throws {
        var ends: [Int32] = [0, 0]
        try #require(Glibc.pipe(&ends) == 0)
        _ = Glibc.write(ends[1], "abcdefgh", 8)
        let input = try InputBytes(name: "a pipe", descriptor: ends[0])
        var shown: [String] = []
        let writer = ends[1]
        input.beforeWaiting = {
            shown.append("waits")
            if shown.count == 2 { close(writer) } else { _ = Glibc.write(writer, "ij", 2) }
        }
        #expect(String(decoding: try read(input), as: UTF8.self) == "abcdefghij")
        #expect(shown == ["waits", "waits"])
    }

    @Test("a folder is no file")
    func aFolder() throws {
        let error = #expect(throws: CaptureError.self) { try InputBytes(path: folder.path) }
        #expect(error?.description == "\(folder.path) is a folder, not a file")
    }
}

extension InputBytesTests {
    @Test("behind damage nothing is read, however much a compressed capture holds there")
    func damagedBomb() throws {
        let file = try CaptureFile(path: folder.path + "/a.pcapng", program: "stanzatap test")
        let head = Array(try Data(contentsOf: URL(fileURLWithPath: file.path)))
        try write(Packing.zstd.packed(head + [UInt8](repeating: 0, count: 64 << 20)))
        let input = try InputBytes(path: path)
        let reader = try CaptureReader(input)
        #expect(throws: CaptureError.self) { while try reader.next() != nil {} }
        #expect(reader.leftOver() == 0 && input.offset < 2 << 20)
        // What is not damaged is counted to its end.
        try write(head + [UInt8](repeating: 1, count: 7))
        let cut = try CaptureReader(path: path)
        #expect(try cut.next() == nil)
        #expect(cut.leftOver() == 7)
    }

    @Test("a capture is told the same however it is packed", arguments: Packing.allCases)
    func capture(_ packing: Packing) throws {
        let file = try CaptureFile(path: folder.path + "/a.pcapng", program: "stanzatap test")
        var recorder = try ConnectionRecorder(
            file: file,
            number: 1,
            client: try #require(Endpoint("127.0.0.1:40001")),
            listener: try #require(Endpoint("127.0.0.1:5222")),
            program: "stanzatap test"
        )
        for _ in 0..<50 {
            try [UInt8](repeating: 66, count: 3000).withUnsafeBytes { try recorder.received($0, .clientToServer) }
        }
        let whole = Array(try Data(contentsOf: URL(fileURLWithPath: file.path)))
        let packed = folder.path + "/b.pcapng.\(packing)"
        try Data(packing.packed(whole)).write(to: URL(fileURLWithPath: packed))
        let reader = try CaptureReader(path: packed)
        var count = 0
        while let record = try reader.next() {
            if case .bytes(_, let bytes, _) = record.content { count += bytes.count }
        }
        #expect(count == 150_000 && reader.leftOver() == 0 && reader.fault == nil)
    }
}
