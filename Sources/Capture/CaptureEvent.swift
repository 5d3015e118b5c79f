import XMPP

/// Something that happened on a connection and is no byte of it.
///
/// In the capture file an event is a pair of packet comments on a made-up segment: a sentence for people
/// (`sentence`) and a JSON object for our reader (`json`), described field by field in docs/capture-format.md.
public enum CaptureEvent: Sendable, Equatable {
    /// A client connected. `number` counts the connections of this capture from 1; `recorder` is what the user calls whoever
    /// recorded it, nil in captures of stanzatap 0.1.
    case accepted(number: Int, client: Endpoint, listener: Endpoint, program: String, recorder: String?)
    /// The recording goes on in another file, and so does this connection, which was accepted before.
    ///
    /// It stands on the first segment of a made-up TCP connection. `isDecrypted`: the client's TLS is decrypted.
    case continued(
        number: Int,
        client: Endpoint,
        listener: Endpoint,
        program: String,
        recorder: String?,
        isDecrypted: Bool
    )
    /// The connection is a replay: stanzatap itself is that side, and nobody stands between the two.
    case replay(Side)
    /// The server was reached: the name it was looked for by, its address and the way the address was found.
    case upstreamConnected(host: String, address: Endpoint, how: String)
    /// The server could not be found or reached; `condition` is the stream error that the client is told.
    case upstreamFailed(host: String, condition: String, reason: String)
    /// The bytes of this very segment were not sent by the peer but by stanzatap.
    case sentByProxy(reason: String)
    /// The bytes of this very segment are what the client got in place of `original`, a whole packet; why, in a clause.
    case changed(original: String, reason: String)
    /// In a copy without secrets: so many bytes of this very segment, which that side sent, behind its first `kept` ones, nobody
    /// could read when the secrets were taken out, so that they are blotted out.
    case blotted(Side, kept: Int, count: Int)
    /// TLS with that side is established.
    case tls(Side, TLSFacts)
    /// TLS with that side failed: why, in a clause; the certificate that it was about, if it was; what helps, a sentence.
    case tlsFailed(Side, reason: String, certificate: TLSFacts.Certificate?, remedy: String)
    /// What follows is what was said inside TLS on connection `connection`. It stands on the first segment of a made-up TCP
    /// connection between the same addresses, for the bytes before it and those after it are two streams of their own.
    case decrypted(connection: Int)
    /// Something worth knowing that is no failure, told in a clause without a full stop.
    case noticed(String)
    /// In a replay: what came, or did not come, means something else than what was recorded; told in a clause without a full
    /// stop.
    case differed(String)
    /// Something went wrong at one side or with ourselves, told in a clause without a full stop.
    case failed(reason: String)
    /// The connection is over; the counts are bytes that were passed on in each direction.
    case ended(clientToServerBytes: Int, serverToClientBytes: Int)

    /// The event told to people, in one sentence.
    public var sentence: String {
        switch self {
        case .accepted(let number, let client, let listener, let program, _):
            "Connection \(number): \(client) connected to \(program) at \(listener)."
        case .continued(let number, let client, let listener, let program, _, _):
            "Connection \(number), of \(client) to \(program) at \(listener), goes on in this file."
        case .replay(let side):
            "A replay: stanzatap itself is the \(side) here."
        case .upstreamConnected(let host, let address, let how):
            "Connected to the server \(host) at \(address) (\(how))."
        case .upstreamFailed(let host, let condition, let reason):
            "The server \(host) was not reached: \(reason) (\(condition))."
        case .sentByProxy(let reason):
            "Sent by stanzatap, not by the server: \(reason)."
        case .changed(_, let reason):
            "Changed by stanzatap: \(reason)."
        case .blotted(_, let kept, let count):
            "Blotted out when secrets were taken out, because nobody could read them: \(count) bytes from byte \(kept) on."
        case .tls(let side, let facts):
            "\(facts.told(with: side))."
        case .tlsFailed(let side, let reason, let certificate, let remedy):
            "TLS with the \(side) failed: \(reason)." + (certificate.map { " The certificate is \($0.told)." } ?? "")
                + (remedy.isEmpty ? "" : " " + remedy)
        case .decrypted(let connection):
            "Connection \(connection) goes on inside TLS: what follows was decrypted by stanzatap."
        case .noticed(let what):
            "\(what)."
        case .differed(let what):
            "Difference: \(what)."
        case .failed(let reason):
            "\(reason)."
        case .ended(let up, let down):
            "The connection is over: \(up) bytes from the client, \(down) bytes from the server."
        }
    }
}
