import Testing

private let namespace = "xmlns='jabber:iq:register'"
private let listed = [
    "TLS",
    "S <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism></mechanisms><register xmlns='http://jabber.org/features/iq-register'/></stream:features>",
]
private let question = asking("get", "<query \(namespace)/>")
private func told(_ fields: String) -> String {
    "S <iq type='result' id='q' from='jabber.test'><query \(namespace)>\(fields)</query></iq>"
}
private func sends(_ fields: String, to: String? = nil) -> String {
    "C <iq type='set' id='s'\(to.map { " to='\($0)'" } ?? "")><query \(namespace)>\(fields)</query></iq>"
}
private let plain = "<username>romeo</username><password>1234</password>"
private func form(_ type: String, _ values: (String, String)...) -> String {
    let fields = values.map { "<field var='\($0.0)'><value>\($0.1)</value></field>" }.joined()
    return
        "<x xmlns='jabber:x:data' type='\(type)'><field type='hidden' var='FORM_TYPE'><value>jabber:iq:register</value></field>\(fields)</x>"
}
private let emptyForm =
    "<x xmlns='jabber:x:data' type='form'><field type='hidden' var='FORM_TYPE'><value>jabber:iq:register</value></field><field type='text-single' var='username'><required/></field><field type='text-private' var='password'><required/></field></x>"
private let filledIn = form("submit", ("username", "romeo"), ("password", "1234"))

private let mayRegister = opened + listed
private let asked = mayRegister + [question, told("<username/><password/>")]

private let ofAccounts: [LintProof] = [
    LintProof(
        "register.not-listed",
        "XEP-0077 section 8",
        after: opened,
        [offers("SCRAM-SHA-1"), question],
        near: listed + [question]
    ),
    LintProof(
        "register.key",
        "XEP-0077 section 7",
        after: asked,
        [sends(plain + "<key>a</key>")],
        near: [sends(plain)]
    ),
    LintProof(
        "register.key",
        "XEP-0077 section 7",
        after: mayRegister + [question],
        [told("<key>a</key>\(emptyForm)")],
        near: [told("<username/>\(emptyForm)")]
    ),
    LintProof(
        "register.form-and-fields",
        "XEP-0077 section 4",
        after: mayRegister + [question, told(emptyForm)],
        [sends("<username>romeo</username>" + filledIn)],
        near: [sends(filledIn)]
    ),
    LintProof(
        "register.not-asked",
        "XEP-0077 section 3.1",
        after: mayRegister,
        [sends(plain)],
        near: [question, told("<username/><password/>"), sends(plain)]
    ),
    LintProof(
        "register.not-awaited",
        "XEP-0077 section 3.1",
        after: mayRegister + [question],
        [sends(plain)],
        near: [told("<username/><password/>"), sends(plain)]
    ),
    LintProof(
        "register.username.empty",
        "XEP-0077 section 3.1",
        after: asked,
        [sends("<username/><password>1234</password>")],
        near: [sends("<username>0</username><password>1234</password>")]
    ),
    LintProof(
        "register.password.empty",
        "XEP-0077 section 3.1",
        after: asked,
        [sends("<username>romeo</username><password></password>")],
        near: [sends("<username>romeo</username><password> </password>")]
    ),
    LintProof(
        "register.password.returned",
        "XEP-0077 section 3.1",
        after: asked + [sends(plain)],
        ["S <iq type='result' id='s' from='jabber.test'><query \(namespace)>\(plain)</query></iq>"],
        near: ["S <iq type='result' id='s' from='jabber.test'/>"]
    ),
]

private let ofUsers: [LintProof] = [
    LintProof(
        "register.password.returned",
        "XEP-0077 section 3.1",
        after: inSession + [question],
        [answering("<query \(namespace)><registered/>\(plain)</query>", from: "jabber.test")],
        near: [answering("<query \(namespace)><registered/><username/><password/></query>", from: "jabber.test")]
    ),
    LintProof(
        "register.personal-data",
        "XEP-0077 section 3.1",
        after: inSession + [question],
        [answering("<query \(namespace)><registered/><username>romeo</username></query>", from: "jabber.test")],
        near: [answering("<query \(namespace)><registered/><username/></query>", from: "jabber.test")]
    ),
    LintProof(
        "register.password.empty-change",
        "XEP-0077 section 3.3",
        after: ["TLS"] + inSession,
        [sends("<username>romeo</username><password/>")],
        near: [sends("<username>romeo</username><password>5678</password>")]
    ),
    LintProof(
        "register.remove.not-alone",
        "XEP-0077 section 3.2",
        after: inSession,
        [sends("<remove/><username>romeo</username>")],
        near: [sends("<remove/>")]
    ),
    LintProof(
        "register.remove.other",
        "XEP-0077 section 3.2",
        after: inSession,
        [sends("<remove/>", to: "juliet@jabber.test")],
        near: [sends("<remove/>", to: "gateway.jabber.test")]
    ),
]

@Suite("registration: each kind of finding, and what nearly is one")
struct LintTableRegistrationTests {
    @Test("before a login", arguments: ofAccounts) func accounts(_ proof: LintProof) { proof.expect() }
    @Test("after it", arguments: ofUsers) func users(_ proof: LintProof) { proof.expect() }
}
