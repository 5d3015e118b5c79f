import Testing

private let room = "hall@rooms.jabber.test"
private func entering(_ to: String) -> String {
    "C <presence to='\(to)'><x xmlns='http://jabber.org/protocol/muc'/></presence>"
}
private func changing(_ item: String) -> String {
    asking("set", "<query xmlns='http://jabber.org/protocol/muc#admin'>\(item)</query>", to: room)
}
private func ofChange(_ faulty: String, _ right: String) -> LintProof {
    LintProof("room.change", "XEP-0045 section 17.4", after: inSession, [changing(faulty)], near: [changing(right)])
}

private let ofRooms: [LintProof] = [
    ofChange(
        "<item nick='troll' jid='troll@evil.test' affiliation='outcast' role='none'/>",
        "<item jid='troll@evil.test' affiliation='outcast'/>"
    ),
    ofChange("<item nick='troll' affiliation='outcast'/>", "<item jid='troll@evil.test' affiliation='outcast'/>"),
    ofChange("<item jid='troll@evil.test' role='none'/>", "<item nick='troll' role='none'/>"),
    ofChange("<item nick='troll' role='member'/>", "<item jid='troll@evil.test' affiliation='member'/>"),
    LintProof(
        "room.name.missing",
        "XEP-0045 section 7.2.1",
        after: inSession,
        [entering("rooms.jabber.test/romeo")],
        near: [entering("\(room)/romeo")]
    ),
    LintProof(
        "room.nick.missing",
        "XEP-0045 section 7.2.1",
        after: inSession,
        [entering(room)],
        near: [entering("\(room)/romeo")]
    ),
]

private let juliet = "juliet@jabber.test/balcony"
private func clock(_ content: String) -> String {
    answering("<time xmlns='urn:xmpp:time'>\(content)</time>", from: juliet)
}
private let askedTime = inSession + [asking("get", "<time xmlns='urn:xmpp:time'/>", to: juliet)]
private let zone = "<tzo>-06:00</tzo>"
private let now = "<utc>2006-12-19T17:58:35Z</utc>"

private func program(_ content: String) -> String {
    answering("<query xmlns='jabber:iq:version'>\(content)</query>", from: juliet)
}
private let askedProgram = inSession + [asking("get", "<query xmlns='jabber:iq:version'/>", to: juliet)]

private let ofPeople: [LintProof] = [
    LintProof("time.incomplete", "XEP-0202 section 2", after: askedTime, [clock(zone)], near: [clock(zone + now)]),
    LintProof("time.incomplete", "XEP-0202 section 2", after: askedTime, [clock(now)], near: [clock(now + zone)]),
    LintProof("time.incomplete", "XEP-0202 section 2", after: askedTime, [clock("")], near: [clock(now + zone)]),
    LintProof(
        "time.utc.not-utc",
        "XEP-0202 section 2",
        after: askedTime,
        [clock(zone + "<utc>2006-12-19T11:58:35-06:00</utc>")],
        near: [clock(zone + "<utc>2006-12-19T17:58:35+00:00</utc>")]
    ),
    LintProof(
        "version.incomplete",
        "XEP-0092 section 2",
        after: askedProgram,
        [program("<name>Exodus</name><os>Windows</os>")],
        near: [program("<name>Exodus</name><version>0.7</version>")]
    ),
]

private let service = "upload.jabber.test"
private let upload = "xmlns='urn:xmpp:http:upload:0'"
private func file(_ attributes: String) -> String { asking("get", "<request \(upload) \(attributes)/>", to: service) }
private let askedSlot = inSession + [file("filename='a.jpg' size='23456'")]
private func slot(_ put: String = "https", _ get: String = "https", _ header: String = "") -> String {
    answering(
        "<slot \(upload)><put url='\(put)://up.test/a.jpg'>\(header)</put><get url='\(get)://up.test/a.jpg'/></slot>",
        from: service
    )
}

/// That the file goes past stanzatap is said of each place for one.
private func ofSlot(_ code: String, _ faulty: String, _ right: String) -> LintProof {
    LintProof(
        code,
        "XEP-0363 section 4",
        after: askedSlot,
        [faulty],
        near: [right],
        beside: ["stanzatap.elsewhere"]
    )
}

private let ofServices: [LintProof] = [
    LintProof(
        "upload.request.incomplete",
        "XEP-0363 section 4",
        after: inSession,
        [file("filename='a.jpg'")],
        near: [file("filename='a.jpg' size='1'")]
    ),
    LintProof(
        "upload.request.incomplete",
        "XEP-0363 section 4",
        after: inSession,
        [file("size='1' content-type='image/jpeg'")],
        near: [file("size='1' filename='a'")]
    ),
    ofSlot("upload.address.insecure", slot("http"), slot()),
    ofSlot("upload.address.insecure", slot("https", "http"), slot("HTTPS")),
    ofSlot(
        "upload.header.unknown",
        slot("https", "https", "<header name='X-Token'>a</header>"),
        slot("https", "https", "<header name='eXpires'>a</header><header name='Authorization'>b</header>")
    ),
    LintProof(
        "rsm.max",
        "XEP-0059 section 8",
        after: inSession,
        [archive(max: "ten")],
        near: [archive(max: "0")]
    ),
]
private func archive(max: String) -> String {
    asking(
        "set",
        "<query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><max>\(max)</max></set></query>"
    )
}

@Suite("requests: each kind of finding, and what nearly is one")
struct LintTableRequestTests {
    @Test("rooms", arguments: ofRooms) func rooms(_ proof: LintProof) { proof.expect() }
    @Test("time and version", arguments: ofPeople) func people(_ proof: LintProof) { proof.expect() }
    @Test("uploads and pages", arguments: ofServices) func services(_ proof: LintProof) { proof.expect() }
}
