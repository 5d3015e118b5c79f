import Testing
import XMPP

@testable import Relay

/// Each test is a transcript: what happened, and what is to be done about it.
@Suite("the life of a connection")
struct PairMachineTests {
    private let refusal = Refusal(condition: .hostUnknown, host: "example.org", reason: "it is not there")

    private func searching() -> PairMachine {
        var machine = PairMachine(rules: TLSRules(hasFixedServer: false))
        #expect(machine.accepted() == [.startTimer(.header)])
        #expect(machine.headerRead(.domain("example.org")) == [.stopTimer, .findServer(domain: "example.org")])
        return machine
    }

    private func relaying() -> PairMachine {
        var machine = searching()
        #expect(machine.serverConnected() == [.stopTimer, .sendHeldToServer])
        return machine
    }

    @Test("both sides end in order", arguments: [Side.client, .server])
    func orderlyEnd(first: Side) {
        var machine = relaying()
        #expect(machine.inputEnded(first) == [.recordClosed(first), .closeOutput(first.other)])
        #expect(machine.fateOfBytes(from: first.other) == .forward)
        #expect(machine.inputEnded(first.other) == [.recordClosed(first.other), .closeOutput(first)])
        #expect(machine.closed(first.other, wasReset: false) == [])
        #expect(machine.closed(first, wasReset: false) == [.stopTimer, .end])
        #expect(machine.phase == .over)
        #expect(machine.closed(first, wasReset: true) == [])
    }

    @Test("a channel that closes in order without telling of the FIN has sent one", arguments: [Side.client, .server])
    func closedWithoutFIN(side: Side) {
        var machine = relaying()
        #expect(machine.inputEnded(side.other) == [.recordClosed(side.other), .closeOutput(side)])
        #expect(machine.closed(side, wasReset: false) == [.recordClosed(side), .closeOutput(side.other)])
        #expect(machine.closed(side.other, wasReset: false) == [.stopTimer, .end])
    }

    @Test("a reset is passed on, and what the other side does then counts no more", arguments: [Side.client, .server])
    func reset(side: Side) {
        var machine = relaying()
        #expect(machine.closed(side, wasReset: true) == [.recordReset(side), .abort(side.other)])
        #expect(machine.fateOfBytes(from: side.other) == .drop)
        #expect(machine.inputEnded(side.other) == [])
        #expect(machine.closed(side.other, wasReset: true) == [.stopTimer, .end])
    }

    @Test("a reset after the FIN is passed on as well", arguments: [Side.client, .server])
    func resetAfterFIN(side: Side) {
        var machine = relaying()
        #expect(machine.inputEnded(side) == [.recordClosed(side), .closeOutput(side.other)])
        #expect(machine.closed(side, wasReset: true) == [.recordReset(side), .abort(side.other)])
    }

    @Test("bytes are held until the server is there")
    func held() {
        var machine = PairMachine(rules: TLSRules(hasFixedServer: false))
        #expect(machine.fateOfBytes(from: .client) == .holdAndReadHeader)
        #expect(machine.mayRead(from: .client, otherIsWritable: false))
        #expect(machine.headerRead(.incomplete) == [])
        _ = machine.headerRead(.domain("example.org"))
        #expect(machine.fateOfBytes(from: .client) == .hold)
        #expect(!machine.mayRead(from: .client, otherIsWritable: true))
        _ = machine.serverConnected()
        #expect(machine.fateOfBytes(from: .client) == .forward)
        #expect(machine.mayRead(from: .client, otherIsWritable: true))
        #expect(!machine.mayRead(from: .client, otherIsWritable: false))
    }

    @Test("a FIN during the search reaches the server after the held bytes")
    func earlyFIN() {
        var machine = searching()
        #expect(machine.inputEnded(.client) == [.recordClosed(.client)])
        #expect(machine.serverConnected() == [.stopTimer, .sendHeldToServer, .closeOutput(.server)])
    }

    @Test("a client that is reset during the search ends it; a server that comes too late is closed")
    func lateServer() {
        var machine = searching()
        #expect(machine.closed(.client, wasReset: true) == [.recordReset(.client), .stopTimer, .end])
        #expect(machine.serverConnected() == [.close(.server)])
        #expect(machine.closed(.server, wasReset: true) == [])
        #expect(machine.searchFailed(refusal) == [])
    }

    @Test("a refused client gets its answer and takes its leave")
    func refused() {
        var machine = searching()
        #expect(
            machine.searchFailed(refusal) == [
                .recordRefusal(refusal), .refuse(refusal, domain: "example.org"), .closeOutput(.client),
                .startTimer(.farewell),
            ]
        )
        #expect(machine.fateOfBytes(from: .client) == .drop)
        #expect(machine.mayRead(from: .client, otherIsWritable: false))
        #expect(machine.inputEnded(.client) == [.recordClosed(.client)])
        #expect(machine.closed(.client, wasReset: false) == [.stopTimer, .end])
    }

    @Test("a refused client that does not take its leave is closed")
    func refusedForGood() {
        var machine = searching()
        _ = machine.searchFailed(refusal)
        #expect(machine.timeExpired() == [.close(.client)])
        #expect(machine.closed(.client, wasReset: true) == [.stopTimer, .end])
    }

    @Test("with a fixed server the client's header is awaited before it is refused")
    func fixedServerFails() {
        var machine = PairMachine(rules: TLSRules(hasFixedServer: true))
        #expect(machine.accepted() == [.findServer(domain: nil)])
        #expect(machine.searchFailed(refusal) == [.recordRefusal(refusal), .startTimer(.refusal), .readHeldHeader])
        #expect(machine.headerRead(.incomplete) == [])
        #expect(machine.fateOfBytes(from: .client) == .holdAndReadHeader)
        #expect(
            machine.headerRead(.domain("example.com")) == [
                .refuse(refusal, domain: "example.com"), .closeOutput(.client), .startTimer(.farewell),
            ]
        )
    }

    @Test("clients that cannot be answered are closed", arguments: [true, false])
    func unanswerable(hasFixedServer: Bool) {
        var machine = PairMachine(rules: TLSRules(hasFixedServer: hasFixedServer))
        if hasFixedServer { _ = machine.searchFailed(refusal) }
        let reasons: [PairMachine.Action] = hasFixedServer ? [] : [.recordFailure("it is TLS")]
        #expect(machine.headerRead(.notXMPP(reason: "it is TLS")) == reasons + [.close(.client)])
        #expect(machine.closed(.client, wasReset: true) == [.stopTimer, .end])
    }

    @Test("stopping sends a FIN to both sides and waits for theirs")
    func stopped() {
        var machine = relaying()
        let reason = "stanzatap was stopped and closes the connection"
        #expect(
            machine.stopped() == [
                .recordFailure(reason), .startTimer(.grace), .closeOutput(.client), .closeOutput(.server),
            ]
        )
        #expect(machine.closed(.client, wasReset: false) == [.recordClosed(.client), .closeOutput(.server)])
        #expect(machine.timeExpired() == [.close(.server)])
        #expect(machine.closed(.server, wasReset: true) == [.stopTimer, .end])

        var early = searching()
        #expect(early.stopped() == [.recordFailure(reason), .close(.client)])
    }

    @Test("when nothing can be recorded the client is told and the server closed")
    func recordingFailed() {
        var machine = relaying()
        #expect(
            machine.recordingFailed() == [
                .startTimer(.farewell), .sayRecordingFailed, .closeOutput(.client), .close(.server),
            ]
        )
        #expect(machine.fateOfBytes(from: .client) == .drop)
        #expect(machine.fateOfBytes(from: .server) == .ignore)
        #expect(machine.closed(.server, wasReset: true) == [])
        #expect(machine.timeExpired() == [.close(.client)])
        #expect(machine.closed(.client, wasReset: true) == [.stopTimer, .end])
        #expect(machine.recordingFailed() == [])
    }
}
