import Certificates
import Relay
import Testing

@testable import Player

@Test(
    "a server on this machine is near",
    arguments: [
        ("localhost", true), ("127.0.0.1:5222", true), ("[::1]:5222", true), ("192.0.2.1", false),
        ("example.org", false),
    ]
)
func near(_ address: String, _ isNear: Bool) throws {
    let target = try ReplayTarget(
        address: UpstreamAddress(argument: address),
        domain: "a.test",
        trust: TrustStore.system()
    )
    #expect(target.isNear == isNear)
}
