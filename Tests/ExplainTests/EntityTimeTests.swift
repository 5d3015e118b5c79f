import Testing

private let asks = "C <iq type='get' id='t1' to='nurse@capulet.test/x'><time xmlns='urn:xmpp:time'/></iq>"
private func answers(_ content: String) -> String {
    "S <iq type='result' id='t1' from='nurse@capulet.test/x'><time xmlns='urn:xmpp:time'>\(content)</time></iq>"
}
private let times: [Case] = [
    Case(
        name: "the time is asked for",
        lines: bound + [asks],
        says: ["The client asks nurse@capulet.test/x for its time (XEP-0202)."]
    ),
    Case(
        name: "a contact asks the client",
        lines: bound + [
            "S <iq type='get' id='t2' from='nurse@capulet.test/x'><time xmlns='urn:xmpp:time'/></iq>"
        ],
        says: ["nurse@capulet.test/x asks the client for its time (XEP-0202)."]
    ),
    Case(
        name: "the time is told",
        lines: bound + [asks, answers("<tzo>-06:00</tzo><utc>2006-12-19T17:58:35Z</utc>")],
        says: [
            "nurse@capulet.test/x says that its clock shows \"2006-12-19T17:58:35Z\", and its offset from UTC is \"-06:00\"."
        ],
        never: ["Warning"]
    ),
    Case(
        name: "an offset of zero is UTC too",
        lines: bound + [asks, answers("<tzo>Z</tzo><utc> 2006-12-19T17:58:35+00:00 </utc>")],
        says: ["says that its clock shows \"2006-12-19T17:58:35+00:00\""],
        never: ["Warning"]
    ),
    Case(
        name: "local time in the place of UTC",
        lines: bound + [asks, answers("<tzo>-06:00</tzo><utc>2006-12-19T11:58:35-06:00</utc>")],
        says: ["Warning: the time in <utc/> does not end in Z, as UTC does (XEP-0202 section 2)."]
    ),
    Case(
        name: "the time zone alone",
        lines: bound + [asks, answers("<tzo>-06:00</tzo>")],
        says: [
            "says that its offset from UTC is \"-06:00\", but not what time it is.",
            "Warning: there is no <utc/>, which must be there (XEP-0202 section 2).",
        ]
    ),
    Case(
        name: "an answer without content shows no time",
        lines: bound + [asks, "S <iq type='result' id='t1' from='nurse@capulet.test/x'/>"],
        says: ["nurse@capulet.test/x answers the request about the time (XEP-0202) without content."],
        never: ["clock"]
    ),
    Case(
        name: "a refusal",
        lines: bound + [
            asks,
            "S <iq type='error' id='t1' from='nurse@capulet.test/x'><error type='cancel'><feature-not-implemented xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
        ],
        says: [
            "nurse@capulet.test/x does not tell its time: the receiver does not implement this (feature-not-implemented)."
        ],
        never: ["clock"]
    ),
]

struct EntityTimeTests {
    @Test("who is asked for the time, and what the clock shows", arguments: times)
    func time(_ test: Case) { expect(test) }
}
