import Testing

@testable import Player

@Test("ways to begin TLS are named as users type them")
func namesOfTLS() { #expect(PlayerTLS(rawValue: "starttls") == .starttls) }
