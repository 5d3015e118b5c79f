import TLSHandshake
import TestKit
import Testing

struct AlertReaderTests {
    private static let hello: [UInt8] = [0x16, 3, 1, 0, 4, 1, 0, 0, 0]
    private static let alert: [UInt8] = [0x15, 3, 3, 0, 2, 2, 48]

    static let streams: [(name: String, bytes: [UInt8], code: UInt8?)] = [
        ("an alert alone", alert, 48),
        ("behind a hello", hello + alert, 48),
        ("behind a change of ciphers", hello + [0x14, 3, 3, 0, 1, 1] + alert, 48),
        ("behind encrypted records", hello + [0x17, 3, 3, 0, 3, 0x15, 3, 3] + alert, 48),
        ("a warning", hello + [0x15, 3, 3, 0, 2, 1, 112], nil),
        ("behind a warning", [0x15, 3, 3, 0, 2, 1, 112] + alert, 48),
        ("the first of two", alert + [0x15, 3, 3, 0, 2, 1, 0], 48),
        ("an encrypted one", hello + [0x15, 3, 3, 0, 26] + [UInt8](repeating: 2, count: 26), nil),
        ("the bytes of one inside a record", hello + [0x17, 3, 3, 0, 7] + alert, nil),
        ("a record without bytes", [0x17, 3, 3, 0, 0] + alert, 48),
        ("no TLS", Array("<stream:stream>".utf8), nil),
    ]

    @Test("an alert in the clear is found, wherever it stands", arguments: streams, chunkSizes)
    func alerts(_ stream: (name: String, bytes: [UInt8], code: UInt8?), chunk: Int?) {
        var reader = AlertReader()
        var found: Alert?
        for slice in stream.bytes.slices(of: chunk) { found = found ?? reader.read(slice) }
        #expect(found?.code == stream.code, "\(stream.name)")
    }
}
