/// An answer of a name server that breaks the format.
struct DNSFormatError: Error, Equatable {}

/// The records of one DNS answer (RFC 1035 section 4). Nothing in it is trusted: every bound is checked.
struct DNSAnswer: Equatable {
    private(set) var services: [ServiceRecord] = []
    /// IPv4 (4 bytes) and IPv6 (16 bytes) addresses in network byte order.
    private(set) var addresses: [[UInt8]] = []

    init(_ bytes: [UInt8]) throws(DNSFormatError) {
        var reader = DNSReader(bytes)
        try reader.skip(4)
        let questionCount = try reader.uint16()
        let answerCount = try reader.uint16()
        try reader.skip(4)
        for _ in 0..<questionCount {
            _ = try reader.name()
            try reader.skip(4)
        }
        for _ in 0..<answerCount { try readRecord(&reader) }
    }

    /// Takes the records that we know; others, such as the CNAMEs that lead to them, are stepped over.
    private mutating func readRecord(_ reader: inout DNSReader) throws(DNSFormatError) {
        _ = try reader.name()
        let type = DNSRecordType(rawValue: try reader.uint16())
        try reader.skip(6)
        let length = Int(try reader.uint16())
        let end = reader.position + length
        switch type {
        case .ipv4 where length == 4, .ipv6 where length == 16:
            addresses.append(try reader.bytes(length))
        case .service:
            services.append(
                ServiceRecord(
                    priority: try reader.uint16(),
                    weight: try reader.uint16(),
                    port: try reader.uint16(),
                    target: try reader.name()
                )
            )
        case .ipv4, .ipv6:
            throw DNSFormatError()
        case nil:
            try reader.skip(length)
        }
        guard reader.position == end else { throw DNSFormatError() }
    }
}

/// The record types that are asked for (RFC 1035 section 3.2.2, RFC 3596, RFC 2782).
enum DNSRecordType: UInt16 {
    case ipv4 = 1
    case ipv6 = 28
    case service = 33
}

private struct DNSReader {
    private let message: [UInt8]
    private(set) var position = 0

    init(_ message: [UInt8]) { self.message = message }

    mutating func uint8() throws(DNSFormatError) -> UInt8 {
        guard position < message.count else { throw DNSFormatError() }
        defer { position += 1 }
        return message[position]
    }

    mutating func uint16() throws(DNSFormatError) -> UInt16 {
        UInt16(try uint8()) << 8 | UInt16(try uint8())
    }

    mutating func bytes(_ count: Int) throws(DNSFormatError) -> [UInt8] {
        let start = position
        try skip(count)
        return Array(message[start..<position])
    }

    mutating func skip(_ count: Int) throws(DNSFormatError) {
        guard count <= message.count - position else { throw DNSFormatError() }
        position += count
    }

    /// Reads a name, following compression pointers (RFC 1035 section 4.1.4); the root is `.`.
    ///
    /// Each pointer must lead further to the front than the one before, so there is no loop to be caught in.
    mutating func name() throws(DNSFormatError) -> String {
        var labels: [String] = []
        var octets = 0
        var front = position
        var end: Int?
        while true {
            let count = try uint8()
            switch count {
            case 0:
                position = end ?? position
                return labels.isEmpty ? "." : labels.joined(separator: ".")
            case 1...63:
                octets += Int(count) + 1
                let label = try bytes(Int(count))
                guard octets <= 254, label.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x2E }) else {
                    throw DNSFormatError()
                }
                labels.append(String(decoding: label, as: UTF8.self))
            case 0xC0...:
                let target = Int(count & 0x3F) << 8 | Int(try uint8())
                guard target < front else { throw DNSFormatError() }
                end = end ?? position
                front = target
                position = target
            default:
                throw DNSFormatError()
            }
        }
    }
}
