import Glibc
import Inspector
import Output
import Replay
import Transcript
import XMLStream

/// A stream gives the same events however its bytes are cut, and each byte belongs to one event at most.
@Sendable func fuzzStream(_ input: [UInt8]) {
    guard let first = input.first else { return }
    let bytes = Array(input.dropFirst())
    let whole = events(bytes, chunk: bytes.count, rests: false)
    let cut = events(bytes, chunk: Int(first % 64) + 1, rests: first >= 128)
    if whole != cut {
        let place = zip(whole, cut).prefix { $0 == $1 }.count
        for (how, events) in [("whole", whole), ("cut", cut)] {
            let event = events.dropFirst(place).first
            print(how, event?.range as Any, event?.problem as Any, event?.kind as Any)
        }
        fflush(nil)
        fatalError("the events depend on how the bytes are cut")
    }
    var end = 0
    for event in whole {
        precondition(event.range.lowerBound >= end, "two events share bytes")
        end = event.range.upperBound
    }
    precondition(end <= bytes.count, "an event reaches beyond the bytes")
}

private struct Told: Equatable {
    /// Nil for what stands between packets, blank or not: it is told as it comes, so in as many parts as it comes in.
    var kind: StreamEvent.Kind?
    var range: Range<Int>
    var bytes: [UInt8]
    let problem: StreamError?

    init(_ event: StreamEvent) {
        let isBetween = event.kind == .whitespace || event.kind == .strayText
        (kind, range) = (isBetween ? nil : event.kind, event.range)
        (bytes, problem) = (event.bytes, event.problem)
        // It is given all that has come, and what is seen first may be another fault of the same place.
        guard case .failure = event.kind else { return }
        kind = .failure(StreamError(.notWellFormed, ""))
        (range, bytes) = (range.lowerBound..<range.lowerBound, [])
    }
}

private func events(_ bytes: [UInt8], chunk: Int, rests: Bool) -> [Told] {
    let parser = StreamParser()
    var events: [Told] = []
    var rest = bytes[...]
    while !rest.isEmpty {
        parser.append(Array(rest.prefix(chunk)))
        rest = rest.dropFirst(chunk)
        while let event = parser.next() { note(Told(event), in: &events) }
        if rests { parser.rest() }
    }
    return events
}

private func note(_ event: Told, in events: inout [Told]) {
    guard event.kind == nil, let last = events.last, last.kind == nil, last.range.upperBound == event.range.lowerBound
    else { return events.append(event) }
    events[events.count - 1].range = last.range.lowerBound..<event.range.upperBound
    events[events.count - 1].bytes += event.bytes
}

/// What a text was read as, a transcript or bare XML, can be told and written as JSON Lines.
@Sendable func fuzzTranscript(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    guard let reading = (try? TextReader.read(text)) ?? BareXMLReader.read(text) else { return }
    let told = TranscriptExplainer.explain(reading.transcript, reading.isOwn ? .drop : .goBefore)
    let writer = JSONLinesWriter()
    var output: [UInt8] = []
    for record in told.records { writer.append(record, connection: 1, to: &output) }
}

@Sendable func fuzzScansion(_ input: [UInt8]) {
    guard let conversation = try? ScansionLoader.load(String(decoding: input, as: UTF8.self)) else { return }
    _ = ScansionWriter.write(conversation, title: "fuzz")
}
