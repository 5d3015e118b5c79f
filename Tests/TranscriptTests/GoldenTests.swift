import Testing
import Transcript
import XMLStream
import XMPP

@Suite("The golden transcript")
struct GoldenTests {
    @Test("is written from the bytes on the wire, byte for byte")
    func written() throws {
        let golden = try Sample.registration.text()
        var reading = try TextReader.read(golden)
        var client = packets(of: try Sample.clientToServer.text())[...]
        var server = packets(of: try Sample.serverToClient.text())[...]
        for (index, record) in reading.transcript.records.enumerated() {
            guard case .packet(var packet) = record else { continue }
            let event = packet.direction == .clientToServer ? client.popFirst() : server.popFirst()
            packet.xml = try #require(event).bytes
            reading.transcript.records[index] = .packet(packet)
        }
        #expect(client.isEmpty && server.isEmpty)
        #expect(TextWriter.text(reading.transcript) == golden)
    }

    @Test("reads back and is written again as it was", arguments: ["\n", "\r\n", "\r"])
    func readBack(lineEnd: String) throws {
        let golden = try Sample.registration.text()
        let reading = try TextReader.read(golden.replacing("\n", with: lineEnd))
        #expect(reading.repairs.isEmpty)
        #expect(reading.problems.isEmpty)
        #expect(TextWriter.text(reading.transcript) == golden)
    }

    @Test("gives the packets that were on the wire, in the order C S S C S C S")
    func packetsRead() throws {
        let packets = try TextReader.read(Sample.registration.text()).transcript.packets
        #expect(packets.map(\.number) == [1, 2, 3, 4, 5, 6, 7])
        #expect(packets.map { $0.direction.sender == .client ? "C" : "S" } == ["C", "S", "S", "C", "S", "C", "S"])
        for (direction, sample) in [
            (Direction.clientToServer, Sample.clientToServer), (.serverToClient, .serverToClient),
        ] {
            let read = packets.filter { $0.direction == direction }.map(\.xmlText).joined()
            #expect(read == (try sample.text().trimmingLineEnd))
        }
    }

    @Test("is the same whether it is written record by record or at once")
    func piecewise() throws {
        let golden = try Sample.registration.text()
        let transcript = try TextReader.read(golden).transcript
        var writer = TextWriter()
        var pieces: [[UInt8]] = [[]]
        writer.append(title: transcript.title, to: &pieces[0])
        for record in transcript.records {
            var piece: [UInt8] = []
            writer.append(record, to: &piece)
            pieces.append(piece)
        }
        #expect(String(decoding: pieces.joined(), as: UTF8.self) == golden)
    }
}

extension String {
    fileprivate var trimmingLineEnd: String { hasSuffix("\n") ? String(dropLast()) : self }
}
