import Capture
import Foundation
import XMPP

/// What a test needs to know of a capture: the payload of each direction and the events, by connection in order.
///
/// Reads only what our own writer writes: little-endian enhanced packet blocks with raw IP packets. It is no
/// `CaptureReader`, so that writer and reader cannot agree on a mistake.
struct RecordedCapture {
    struct Conversation {
        var bytes: [Direction: [UInt8]] = [:]
        var events: [CaptureEvent] = []
        var ends: [String] = []
        /// The part of the server's bytes that stanzatap sent in its name.
        var sentByProxy: [UInt8] = []

        func text(_ direction: Direction) -> String { String(decoding: bytes[direction] ?? [], as: UTF8.self) }
    }

    private(set) var conversations: [Conversation] = []
    private var numberOfPorts: [String: Int] = [:]

    /// The numbers of the connections, in the order of the file.
    var numbers: [Int] {
        conversations.compactMap { conversation in
            if case .accepted(let number, _, _, _, _) = conversation.events.first { number } else { nil }
        }
    }

    init(path: String) throws {
        let file = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        var position = 0
        while position < file.count {
            let length = Int(file.littleEndian(at: position + 4))
            if file.littleEndian(at: position) == 6 { read(Array(file[position..<(position + length)])) }
            position += length
        }
    }

    /// The same without the first connection.
    func withoutFirst() -> RecordedCapture {
        var result = self
        result.conversations.removeFirst()
        return result
    }

    private mutating func read(_ block: [UInt8]) {
        let count = Int(block.littleEndian(at: 20))
        let packet = Array(block[28..<(28 + count)])
        let events = comments(Array(block[(28 + (count + 3) / 4 * 4)..<(block.count - 4)])).compactMap(
            CaptureEvent.init
        )
        let ip = packet[0] >> 4 == 4 ? 20 : 40
        let flags = packet[ip + 13]
        let (source, destination) = (Array(packet[ip..<(ip + 2)]), Array(packet[(ip + 2)..<(ip + 4)]))
        if flags == 2 {
            numberOfPorts["\(source)\(destination)"] = conversations.count
            conversations.append(Conversation())
        }
        let fromClient = numberOfPorts["\(source)\(destination)"]
        guard let index = fromClient ?? numberOfPorts["\(destination)\(source)"] else { return }
        let direction: Direction = fromClient == nil ? .serverToClient : .clientToServer
        conversations[index].bytes[direction, default: []] += packet[(ip + 20)...]
        for event in events {
            if case .sentByProxy = event {
                conversations[index].sentByProxy += packet[(ip + 20)...]
            } else {
                conversations[index].events.append(event)
            }
        }
        if flags & 1 != 0 { conversations[index].ends.append("closed \(direction.rawValue)") }
        if flags & 4 != 0 { conversations[index].ends.append("reset \(direction.rawValue)") }
    }

    private func comments(_ options: [UInt8]) -> [String] {
        var result: [String] = []
        var position = 0
        while position + 4 <= options.count {
            let length = Int(options[position + 2]) | Int(options[position + 3]) << 8
            if options[position] == 1 {
                result.append(String(decoding: options[(position + 4)..<(position + 4 + length)], as: UTF8.self))
            }
            position += 4 + (length + 3) / 4 * 4
        }
        return result
    }
}

extension [UInt8] {
    fileprivate func littleEndian(at position: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(self[position + $1]) << (8 * UInt32($1)) }
    }
}
