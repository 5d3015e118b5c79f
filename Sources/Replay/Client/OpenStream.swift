import XMLStream

/// A stream of a replay on an open connection: what was said to begin it, and what is being negotiated on it.
struct OpenStream {
    /// The header that we sent.
    struct Header {
        let bytes: [UInt8]
        /// How it names things; nil if it is no header after all.
        let syntax: StreamSyntax?

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
            syntax = StreamSyntax(header: bytes)
        }
    }

    /// What goes on with the server without the recording.
    enum Negotiation {
        /// We have asked for STARTTLS, which is not recorded.
        case startTLS
        /// After it the stream was opened once more, and its features are awaited.
        case reopened
        case login(Login)

        var exchange: Exchange {
            switch self {
            case .startTLS, .reopened: .startTLS
            case .login: .login
            }
        }
    }

    /// What a server must answer before a replay can go on.
    enum Exchange: String {
        case startTLS = "STARTTLS"
        case login = "the login"
    }

    let parser = StreamParser()
    /// Bytes that were given to the parser, and those of them that were recorded.
    var fedBytes = 0
    var recordedBytes = 0
    /// The last one; nil before it.
    var sentHeader: Header?
    /// The server's last header and features.
    var header: Element?
    var features: Element?
    /// True from the client's header until the server's header and features have come.
    var awaitsFeatures = false
    var negotiation: Negotiation?
    /// True once `<proceed/>` has come.
    var serverAgreedToTLS = false

    mutating func opened(by bytes: [UInt8], hasFeatures: Bool) {
        sentHeader = Header(bytes)
        awaitsFeatures = hasFeatures
        features = nil
    }
}
