import XMPP

extension ProtocolEntry {
    /// Tokens that let somebody into a room (XEP-0488).
    static let roomTokens: ProtocolEntry = {
        let namespace = "urn:xmpp:muc-token-invite:0"
        var entry = told("XEP-0488", "MUC Token Invite", [namespace], roomTokenPhrases)
        entry.secrets = [.text("token", namespace), .text("revoke", namespace)]
        entry.conditions = ["expired-token": "the token is no longer valid"]
        return entry
    }()

    private static let roomTokenPhrases: [Phrase] = [
        Phrase(
            element: "request",
            set: "asks {whom} for a token that lets people in[, {@counter} times at most][, for {@delay} seconds]",
            refused: "a token that lets people in"
        ),
        Phrase(
            element: "token",
            answer: "gives a token that lets people in[, {@counter} times at most][, for {@delay} seconds]"
        ),
        Phrase(
            element: "tokens",
            get: "asks {whom} for the tokens that it may revoke",
            answer: "names {#token} that can be revoked",
            refused: "the list of tokens"
        ),
        Phrase(
            element: "revoke",
            set: "makes a token of {whom} invalid",
            done: "The token is invalid from now on.",
            refused: "to make the token invalid"
        ),
    ]

    /// Faults of SOAP as conditions of errors (XEP-0072).
    static let soapFaults: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0072", "SOAP Over XMPP", ["http://jabber.org/protocol/soap#fault"])
        entry.conditions = [
            "DataEncodingUnknown": "the receiver does not know the encoding of the SOAP message",
            "MustUnderstand": "the receiver does not understand a header of the SOAP message that it must",
            "Receiver": "the receiver could not process the SOAP message",
            "Sender": "the SOAP message is wrong and must not be sent again as it is",
            "VersionMismatch": "the SOAP message is of another version than the receiver's",
        ]
        return entry
    }()
}
