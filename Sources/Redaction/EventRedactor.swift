import Capture
import XMPP

/// Takes secrets out of what a capture tells besides its streams: events, notices, differences, the comments of others.
enum EventRedactor {
    /// The comments of one block. An event is a sentence and a JSON object; both are made anew.
    ///
    /// - Parameter original: takes the secrets out of a packet that stanzatap changed.
    static func redacted(
        _ comments: [String],
        _ secrets: inout SecretTable,
        original: (String, inout SecretTable) -> String
    ) -> [String] {
        var result: [String] = []
        var rest = comments[...]
        while let comment = rest.popFirst() {
            // The sentence of an event stands before it; those of stanzatap 0.1 were worded otherwise in part.
            if let next = rest.first, let event = CaptureEvent(json: next),
                comments.count == 2 || comment == event.sentence
            {
                let changed = redacted(event, &secrets, original)
                result += [changed.sentence, changed.json]
                rest.removeFirst()
            } else if let event = CaptureEvent(json: comment) {
                result.append(redacted(event, &secrets, original).json)
            } else {
                result.append(
                    RecordingPart(comment: comment) == nil ? secrets.redacted(comment, isOurs: false) : comment
                )
            }
        }
        return result
    }

    /// - Parameter original: as above.
    static func redacted(
        _ event: CaptureEvent,
        _ secrets: inout SecretTable,
        _ original: (String, inout SecretTable) -> String
    ) -> CaptureEvent {
        switch event {
        case .accepted, .continued, .replay, .upstreamConnected, .blotted, .tls, .decrypted, .ended: return event
        case .upstreamFailed(let host, let condition, let reason):
            return .upstreamFailed(host: host, condition: condition, reason: secrets.redacted(reason, isOurs: false))
        case .sentByProxy(let reason): return .sentByProxy(reason: secrets.redacted(reason, isOurs: false))
        case .changed(let packet, let reason):
            return .changed(original: original(packet, &secrets), reason: secrets.redacted(reason, isOurs: false))
        case .tlsFailed(let side, let reason, let certificate, let remedy):
            return .tlsFailed(
                side,
                reason: secrets.redacted(reason, isOurs: false),
                certificate: certificate,
                remedy: remedy
            )
        case .noticed(let what): return .noticed(secrets.redacted(what, isOurs: false))
        case .differed(let what):
            return .differed(secrets.redacted(DifferenceRedactor.redacted(what, &secrets), isOurs: true))
        case .failed(let reason): return .failed(reason: secrets.redacted(reason, isOurs: false))
        }
    }
}
