import Capture
import Foundation
import Glibc
import Synchronization
import Testing

/// A UDP name server on a free port of 127.0.0.1 with answers of the test's choice.
final class FakeNameServer: Sendable {
    enum Reply: Sendable {
        case service(priority: UInt16, weight: UInt16, port: UInt16, target: String)
        case address(String)
        case alias(String)
    }

    enum Answer: Sendable {
        case records([Reply])
        case noSuchName
        case serverFailure
        case silence
        case garbage
    }

    let endpoint: Endpoint
    private let descriptor: Int32
    private let answers: [String: Answer]
    private let asked = Mutex<[String]>([])

    /// - Parameter answers: by type and name, such as `SRV _xmpp-client._tcp.example.org`, `A example.org` or `AAAA
    ///   example.org`; everything else has no records.
    init(host: String = "127.0.0.1", _ answers: [String: Answer]) throws {
        self.answers = answers
        let any = try #require(Endpoint(host: host, port: 0))
        descriptor = socket(any.isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        let descriptor = self.descriptor
        guard withSocketAddress(any, { bind(descriptor, $0, $1) }) == 0 else { throw SocketProblem("bind") }
        endpoint = try localEndpoint(of: descriptor)
        Thread.detachNewThread { [weak self] in
            while FakeNameServer.serve(descriptor, { self?.reply(to: $0) }) {}
        }
    }

    deinit { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// The questions so far, each once, in order.
    var questions: [String] {
        asked.withLock { asked in asked.reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
    }

    private static func serve(_ descriptor: Int32, _ reply: ([UInt8]) -> [UInt8]?) -> Bool {
        var question = [UInt8](repeating: 0, count: 512)
        var peer = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &peer) { peer in
            peer.withMemoryRebound(to: sockaddr.self, capacity: 1) { peer in
                let count = recvfrom(descriptor, &question, question.count, 0, peer, &size)
                guard count > 12 else {
                    close(descriptor)
                    return false
                }
                guard let answer = reply(Array(question.prefix(count))) else { return true }
                sendto(descriptor, answer, answer.count, 0, peer, size)
                return true
            }
        }
    }

    private func reply(to question: [UInt8]) -> [UInt8]? {
        var position = 12
        var labels: [String] = []
        while question[position] != 0 {
            let count = Int(question[position])
            labels.append(String(decoding: question[(position + 1)...(position + count)], as: UTF8.self))
            position += count + 1
        }
        let end = position + 5
        let type = question[position + 2]
        let name = (type == 33 ? "SRV " : type == 28 ? "AAAA " : "A ") + labels.joined(separator: ".")
        asked.withLock { $0.append(name) }
        switch answers[name] ?? .records([]) {
        case .records(let replies):
            return message(question, end, code: 0, replies.map { DNSWire.record($0, name: [0xC0, 12]) })
        case .noSuchName: return message(question, end, code: 3, [])
        case .serverFailure: return message(question, end, code: 2, [])
        case .silence: return nil
        case .garbage: return message(question, end, code: 0, [[0xC0, 0xFF, 1]])
        }
    }

    private func message(_ question: [UInt8], _ end: Int, code: UInt8, _ records: [[UInt8]]) -> [UInt8] {
        let header = question[..<2] + [0x85, 0x80 | code, 0, 1, 0, UInt8(records.count), 0, 0, 0, 0]
        return Array(header) + question[12..<end] + records.flatMap(\.self)
    }
}

/// DNS records as bytes (RFC 1035 section 3.2).
enum DNSWire {
    static func name(_ text: String) -> [UInt8] {
        text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }

    static func record(_ reply: FakeNameServer.Reply, name: [UInt8]) -> [UInt8] {
        switch reply {
        case .service(let priority, let weight, let port, let target):
            return record(name, type: 33, [priority, weight, port].flatMap(big) + self.name(target))
        case .address(let host):
            let address = Endpoint(host: host, port: 0)?.address ?? []
            return record(name, type: address.count == 4 ? 1 : 28, address)
        case .alias(let target):
            return record(name, type: 5, self.name(target))
        }
    }

    static func record(_ name: [UInt8], type: UInt16, _ data: [UInt8]) -> [UInt8] {
        name + big(type) + [0, 1, 0, 0, 0, 60] + big(UInt16(data.count)) + data
    }

    static func big(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }
}
