import Foundation
import TestKit
import XMPP

@testable import Capture

/// Packets of another program, made byte by byte.
struct ForeignPackets {
    /// What a test says of one TCP segment.
    struct TCP: Sendable {
        var fromClient = true
        var sequence: UInt32
        var flags: UInt8 = 0x18
        var text = ""
        var acknowledgment: UInt32 = 0
        var ports: (client: UInt16, server: UInt16) = (41_000, 5222)
    }

    static func segment(_ tcp: TCP) -> [UInt8] {
        var bytes: [UInt8] = []
        let ports = tcp.fromClient ? (tcp.ports.client, tcp.ports.server) : (tcp.ports.server, tcp.ports.client)
        bytes.appendBigEndian(ports.0)
        bytes.appendBigEndian(ports.1)
        bytes.appendBigEndian(tcp.sequence)
        bytes.appendBigEndian(tcp.acknowledgment)
        // With options, as real stacks send them.
        bytes += [8 << 4, tcp.flags, 0xFF, 0xFF, 0, 0, 0, 0] + [1, 1, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0]
        return bytes + Array(tcp.text.utf8)
    }

    /// An IPv4 packet; `fragment` is the field of flags and offset.
    static func four(_ payload: [UInt8], fromClient: Bool, fragment: UInt16 = 0, length: UInt16? = nil) -> [UInt8] {
        var bytes: [UInt8] = [0x45, 0]
        bytes.appendBigEndian(length ?? UInt16(20 + payload.count))
        bytes.appendBigEndian(UInt16(7))
        bytes.appendBigEndian(fragment)
        bytes += [64, 6, 0, 0]
        bytes += fromClient ? [10, 0, 0, 1, 10, 0, 0, 2] : [10, 0, 0, 2, 10, 0, 0, 1]
        return bytes + payload
    }

    static func six(_ payload: [UInt8], fromClient: Bool, next: UInt8 = 6, extensions: [UInt8] = []) -> [UInt8] {
        var bytes: [UInt8] = [0x60, 0, 0, 0]
        bytes.appendBigEndian(UInt16(extensions.count + payload.count))
        bytes += [next, 64]
        let ends = [[UInt8](repeating: 0, count: 15) + [1], [UInt8](repeating: 0, count: 15) + [2]]
        bytes += (fromClient ? ends : ends.reversed()).joined()
        return bytes + extensions + payload
    }

    /// A frame of that link type around an IP packet.
    static func frame(_ packet: [UInt8], linkType: Int) -> [UInt8] {
        let kind: [UInt8] = packet[0] >> 4 == 4 ? [0x08, 0x00] : [0x86, 0xDD]
        let zeros = { (count: Int) in [UInt8](repeating: 0, count: count) }
        return switch linkType {
        case 1: zeros(12) + kind + packet + zeros(max(0, 46 - packet.count))
        case 113: zeros(14) + kind + packet
        case 276: kind + zeros(18) + packet
        case 0: [packet[0] >> 4 == 4 ? 2 : 10, 0, 0, 0] + packet
        case 108: [0, 0, 0, packet[0] >> 4 == 4 ? 2 : 24] + packet
        case 9: [0xFF, 0x03, 0x00, packet[0] >> 4 == 4 ? 0x21 : 0x57] + packet
        default: packet
        }
    }

    // MARK: Files

    /// A classic pcap file; each frame may be cut.
    static func pcap(_ frames: [[UInt8]], linkType: Int, nano: Bool = false, bigEndian: Bool = false, snap: Int = .max)
        -> [UInt8]
    {
        func number(_ value: UInt32) -> [UInt8] {
            withUnsafeBytes(of: bigEndian ? value.bigEndian : value.littleEndian) { Array($0) }
        }
        func short(_ value: UInt16) -> [UInt8] {
            withUnsafeBytes(of: bigEndian ? value.bigEndian : value.littleEndian) { Array($0) }
        }
        var bytes = number(nano ? 0xA1B2_3C4D : 0xA1B2_C3D4) + short(2) + short(4) + number(0) + number(0)
        bytes += number(262_144) + number(UInt32(linkType))
        for (index, frame) in frames.enumerated() {
            let kept = frame.prefix(snap)
            bytes +=
                number(1_700_000_000) + number(UInt32(index)) + number(UInt32(kept.count)) + number(UInt32(frame.count))
            bytes += kept
        }
        return bytes
    }

    /// A pcapng section for each element, in its byte order.
    static func pcapng(_ sections: [(frames: [[UInt8]], linkType: Int, bigEndian: Bool)]) -> [UInt8] {
        sections.flatMap { section in
            func number(_ value: UInt32) -> [UInt8] {
                withUnsafeBytes(of: section.bigEndian ? value.bigEndian : value.littleEndian) { Array($0) }
            }
            func short(_ value: UInt16) -> [UInt8] {
                withUnsafeBytes(of: section.bigEndian ? value.bigEndian : value.littleEndian) { Array($0) }
            }
            func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
                let padded = body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
                return number(type) + number(UInt32(padded.count + 12)) + padded + number(UInt32(padded.count + 12))
            }
            var bytes = block(0x0A0D_0D0A, number(0x1A2B_3C4D) + short(1) + short(0) + number(.max) + number(.max))
            // An interface of another kind that is never used, a block of names, one of secrets, one that nobody knows.
            bytes +=
                block(1, short(147) + short(0) + number(0))
                + block(1, short(UInt16(section.linkType)) + short(0) + number(0))
            bytes += block(4, number(0)) + block(10, number(0x544C_534B) + number(0)) + block(0xBAD, number(7))
            for (index, frame) in section.frames.enumerated() {
                let size = number(UInt32(frame.count))
                if index % 2 == 0 {
                    bytes += block(6, number(1) + number(0) + number(UInt32(index)) + size + size + frame)
                } else {
                    bytes += block(2, short(1) + short(0) + number(0) + number(UInt32(index)) + size + size + frame)
                }
            }
            return bytes
        }
    }

    /// What a reader makes of a file, a line a record; bytes of one direction in a row are joined.
    static func read(_ bytes: [UInt8], ports: Set<UInt16> = []) throws -> (told: [String], leftOut: LeftOutTraffic) {
        let folder = try TemporaryFolder()
        let path = folder.path + "/foreign"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let reader = try CaptureReader(path: path, ports: ports)
        var told: [String] = []
        while let record = try reader.next() { add(record, &told) }
        reader.finish()
        while let record = try reader.next() { add(record, &told) }
        return (told, reader.leftOut)
    }

    private static func add(_ record: CaptureRecord, _ told: inout [String]) {
        switch record.content {
        case .continued: told.append("\(record.connection) continued")
        case .opened(let client, let listener, _, _):
            told.append("\(record.connection) opened \(client.port) \(listener.port)")
        case .bytes(let direction, let bytes, _):
            let start = "\(record.connection) \(direction.rawValue) "
            let text = String(decoding: bytes, as: UTF8.self)
            if told.last?.hasPrefix(start) == true { told[told.count - 1] += text } else { told.append(start + text) }
        case .lost(let direction, let count):
            told.append("\(record.connection) lost \(direction.rawValue) \(count.map(String.init) ?? "?")")
        case .closed(let direction): told.append("\(record.connection) closed \(direction.rawValue)")
        case .reset(let direction): told.append("\(record.connection) reset \(direction.rawValue)")
        case .event(.ended(let up, let down)): told.append("\(record.connection) ended \(up) \(down)")
        case .event: break
        }
    }
}
