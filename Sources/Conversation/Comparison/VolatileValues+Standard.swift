import Explain
import XMPP

extension VolatileValues {
    /// What the table of protocols names, and what has the same meaning in all of them.
    public static let standard = VolatileValues(
        madeUp: Set(ProtocolTable.volatile).union(anywhere),
        prose: [
            .text("instructions", nil), .text("title", NS.dataForms), .text("desc", NS.dataForms),
            .text("text", NS.stanzaErrors), .text("text", NS.streamErrors), .text("text", NS.sasl),
            .text("text", NS.sasl2),
        ]
    )

    private static let anywhere: Set<ValuePlace> = Set(
        ["id", "stamp", "nonce", "sid", "expiry", "lang", "code", "location"].map { .attribute($0, of: nil, nil) }
            + ["token", "stamp", "utc", "thread"].map { .text($0, nil) }
            // Ids of pages and of what is archived (XEP-0059, XEP-0313), and how long ago something was (XEP-0012).
            + ["first", "last", "after", "before"].map { .text($0, "http://jabber.org/protocol/rsm") }
            + [.attribute("queryid", of: nil, nil), .attribute("seconds", of: "query", "jabber:iq:last")]
    )
}
