import XMPP

extension VolatileValues {
    /// What is known without asking the protocols.
    public static let standard = VolatileValues(
        madeUp: [
            .attribute("id"), .attribute("stamp"), .attribute("nonce"), .attribute("sid"), .attribute("expiry"),
            .attribute("previd"), .attribute("lang"), .attribute("code"), .attribute("location"),
            .text(of: "challenge"), .text(of: "success"), .text(of: "response"), .text(of: "token"),
            .text(of: "stamp"), .text(of: "utc"), .text(of: "thread"),
        ],
        prose: [
            .text(of: "instructions"), .text(of: "title", in: NS.dataForms), .text(of: "desc", in: NS.dataForms),
            .text(of: "text", in: NS.stanzaErrors), .text(of: "text", in: NS.streamErrors),
            .text(of: "text", in: NS.sasl), .text(of: "text", in: NS.sasl2),
        ]
    )
}
