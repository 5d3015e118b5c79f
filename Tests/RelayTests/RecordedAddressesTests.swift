import Capture
import Testing

@testable import Relay

struct RecordedAddressesTests {
    @Test("who comes with addresses that are taken is recorded under the next free port, as long as they are")
    func claims() throws {
        let listener = try #require(Endpoint("192.0.2.1:5222"))
        let client = try #require(Endpoint("192.0.2.7:65534"))
        var addresses = RecordedAddresses()
        let ports = (1...4).map { addresses.claim(client, listener, for: $0).port }
        #expect(ports == [65534, 65535, 1, 2])
        addresses.release(2)
        #expect(addresses.claim(client, listener, for: 5).port == 65535)
        let other = try #require(Endpoint("192.0.2.2:5222"))
        #expect(addresses.claim(client, other, for: 6) == client)
        addresses.release(1)
        addresses.release(1)
        #expect(addresses.claim(client, listener, for: 7) == client)
    }
}
