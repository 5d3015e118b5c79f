import Certificates
import Testing

@Test func keyPair() { #expect(KeyPair(certificates: [[1]], keyPEM: "k").certificates == [[1]]) }
