/// Who, when and by what: with which a transcript begins.
public struct ConnectionTitle: Sendable, Equatable {
    public let connection: Int
    /// The client's address and port; nil of a transcript that was read from a text.
    public let client: String?
    /// The domain of the session; nil if it never became known.
    public let domain: String?
    /// The server's address and port; nil if it was not reached.
    public let server: String?
    /// When the connection was accepted, nanoseconds since 1970.
    public let time: UInt64?
    public let program: String
    /// What the user calls whoever recorded it; nil if that is not told.
    public let recorder: String?
    /// The name of the capture in which the connection begins; nil if there is none.
    public let file: String?

    /// The first lines of a transcript.
    public let lines: [String]

    /// - Parameter isSeen: false if nothing that was read says that it is XMPP.
    public init(
        connection: Int,
        client: String,
        domain: String?,
        server: String?,
        time: UInt64?,
        program: String,
        recorder: String? = nil,
        file: String? = nil,
        isSeen: Bool = true
    ) {
        self.connection = connection
        self.client = client
        self.domain = domain
        self.server = server
        self.time = time
        self.program = program
        self.recorder = recorder
        self.file = file
        lines = TitleLines.make(
            domain: domain,
            client: client,
            server: server,
            time: time,
            program: program,
            isSeen: isSeen
        )
    }

    /// Of a transcript that was read from a text, which says no more than its first lines.
    public init(connection: Int, lines: [String]) {
        self.connection = connection
        client = nil
        domain = nil
        server = nil
        time = nil
        program = ""
        recorder = nil
        file = nil
        self.lines = lines
    }
}
