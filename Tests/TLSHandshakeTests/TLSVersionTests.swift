import TLSHandshake
import Testing

@Test(
    "versions are told by name",
    arguments: [(0x0301, "TLS 1.0"), (0x0304, "TLS 1.3"), (0x7F1C, "TLS version 0x7f1c")]
)
func versionName(code: Int, name: String) {
    #expect(TLSVersion(rawValue: UInt16(code)).name == name)
}
