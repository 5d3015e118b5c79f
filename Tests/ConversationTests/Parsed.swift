import Testing
import XMLStream

/// An element of a stream in the namespace `jabber:client`, with the prefix `stream` declared.
func parsed(_ xml: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Element {
    let parser = StreamParser()
    parser.append(Array("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>".utf8))
    _ = parser.next()
    parser.append(Array(xml.utf8))
    let event = try #require(parser.next(), sourceLocation: sourceLocation)
    guard case .element(let element) = event.kind else {
        Issue.record("no packet: \(xml)", sourceLocation: sourceLocation)
        throw StreamError(.notWellFormed, "no packet")
    }
    return element
}
