import TLSHandshake
import TestKit
import Testing

/// The messages of RFC 8448 section 3, "Simple 1-RTT Handshake", with an SNI of `server`.
private let clientHello = bytes(
    """
    16030100c4010000c00303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7000006130113031302010000910000
    000b0009000006736572766572ff01000100000a00140012001d0017001800190100010101020103010400230000003300260024001d002099381d
    e560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c002b0003020304000d0020001e040305030603020308040805080604010501
    060102010402050206020202002d00020101001c00024001
    """
)
private let serverHello = bytes(
    """
    160303005a020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e00330024001d0020c982
    8876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304
    """
)
private let wanted: HelloReader.Result = {
    var hello = ClientHello()
    hello.versions = [TLSVersion(rawValue: 0x0304)]
    hello.serverName = "server"
    hello.cipherSuiteCount = 3
    return .client(hello)
}()

@Test("hellos are read however they are cut", arguments: chunkSizes)
func hellos(size: Int?) {
    #expect(read(clientHello, size) == wanted)
    let server = ServerHello(version: TLSVersion(rawValue: 0x0304), cipherSuite: CipherSuite(rawValue: 0x1301))
    #expect(read(serverHello, size) == .server(server))
}

@Test("a hello that is spread over many records is one hello", arguments: chunkSizes)
func fragments(size: Int?) {
    let message = clientHello.dropFirst(5)
    let records = message.flatMap { [0x16, 3, 1, 0, 1, $0] as [UInt8] }
    #expect(read(records, size) == wanted)
}

@Test(
    "what is no hello is told as such",
    arguments: [
        ("3c73747265616d3a73747265616d3e", HelloReader.Result.notTLS),
        ("160300", .incomplete),
        ("1604010001", .notTLS),
        ("15030100020228", .alert(Alert(code: 40))),
        ("1503010002", .incomplete),
        ("15030100030228ff", .notTLS),
        ("16030100040b000000", .notTLS),
        ("1603010004010000ff", .incomplete),
        ("160301000401ffffff", .notTLS),
        ("16030100060100000203ff", .notTLS),
        ("1603010000", .notTLS),
        ("", .incomplete),
    ]
)
func malformed(hexadecimal: String, result: HelloReader.Result) {
    for size in chunkSizes { #expect(read(bytes(hexadecimal), size) == result) }
}

@Test("ALPN, several versions, and reserved values")
func applicationProtocols() {
    var body: [UInt8] = [3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0, 2, 0x0A, 0x0A, 1, 0]
    let alpn: [UInt8] = [0, 16, 0, 14, 0, 12, 11] + Array("xmpp-client".utf8)
    let versions: [UInt8] = [0, 43, 0, 7, 6, 0x7A, 0x7A, 3, 4, 3, 3]
    body += [0, UInt8(alpn.count + versions.count)] + alpn + versions
    let message: [UInt8] = [1, 0, 0, UInt8(body.count)] + body
    guard case .client(let hello) = read([0x16, 3, 1, 0, UInt8(message.count)] + message, 64) else {
        Issue.record("not read")
        return
    }
    #expect(hello.applicationProtocols == ["xmpp-client"])
    #expect(hello.versions.map(\.name) == ["TLS 1.3", "TLS 1.2"])
    #expect(hello.highestVersion?.name == "TLS 1.3")
    #expect(hello.serverName == nil)
}

@Test("a hello without an end is given up")
func endless() {
    var reader = HelloReader()
    var result = HelloReader.Result.incomplete
    for _ in 0..<20 where result == .incomplete {
        result = reader.read([0x16, 3, 1, 0x40, 0] + [1, 0, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 0x4000 - 4))
    }
    #expect(result == .notTLS)
}

@Test("names", arguments: [(0x1301, "TLS_AES_128_GCM_SHA256"), (0xABCD, "cipher suite 0xabcd")])
func cipherName(code: Int, name: String) {
    #expect(CipherSuite(rawValue: UInt16(code)).name == name)
    #expect(Alert(code: 48).name == "unknown ca")
    #expect(Alert(code: 200).name == "alert 200")
}

private func read(_ bytes: [UInt8], _ size: Int?) -> HelloReader.Result {
    var reader = HelloReader()
    var result = HelloReader.Result.incomplete
    for slice in bytes.slices(of: size) { result = reader.read(slice) }
    return result
}

private func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
