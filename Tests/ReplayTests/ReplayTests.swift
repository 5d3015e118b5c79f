import Testing

@testable import Replay

@Test("an error says what it was given")
func errorText() { #expect("\(ReplayError("no packet"))" == "no packet") }
