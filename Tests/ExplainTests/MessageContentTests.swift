import Testing

private let me = "to='romeo@jabber.test/orchard'"
private let nurse = "from='nurse@capulet.test/desk'"
private let sent = "C <message to='nurse@capulet.test/desk' type='chat' id='m1'><body>Tea at for?</body></message>"

/// A message of the nurse's.
private func from(_ content: String) -> String { "S <message \(nurse) \(me) type='chat'>\(content)</message>" }
/// A message to the nurse.
private func to(_ content: String) -> String {
    "C <message to='nurse@capulet.test/desk' type='chat'>\(content)</message>"
}

private let findings = ["Warning", "Note"]

private let carried: [Case] = [
    Case(
        name: "a translation (XEP-0171)",
        lines: bound + [
            from(
                "<body xml:lang='en'>Hi</body><body xml:lang='fr'>Salut</body><x xmlns='urn:xmpp:langtrans'><translation destination_lang='fr' source_lang='en' engine='Systran'/></x>"
            )
        ],
        says: ["It has been translated from \"en\" to \"fr\" by Systran (XEP-0171)."]
    ),
    Case(
        name: "what a link is about (XEP-0511)",
        lines: bound + [
            from(
                "<body>https://x.test/</body><r:Description xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' r:about='https://x.test/'><o:title xmlns:o='https://ogp.me/ns#'>X</o:title></r:Description>"
            )
        ],
        says: ["It describes https://x.test/: \"X\" (XEP-0511)."]
    ),
    Case(
        name: "OMEMO for several devices",
        lines: bound + [
            to(
                "<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='7'><key rid='1' prekey='true'>QQ==</key><key rid='2'>QQ==</key></header><payload>QQ==</payload></encrypted><body>Get OMEMO!</body>"
            )
        ],
        says: [
            "An encrypted chat message to nurse@capulet.test/desk (OMEMO, XEP-0384), from device 7 for 2 devices: 1 (a new session) and 2. Only these devices can read it. The text in the clear is only for programs that cannot decrypt it."
        ],
        never: findings + ["Get OMEMO"]
    ),
    Case(
        name: "OMEMO that the client cannot read",
        lines: bound + [
            to(
                "<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='7'><key rid='1'>QQ==</key></header><payload>QQ==</payload></encrypted>"
            ),
            from(
                "<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'><key rid='9'>QQ==</key></header><payload>QQ==</payload></encrypted>"
            ),
        ],
        says: ["There is no key in it for the client's device 7, which cannot read it."],
        never: findings
    ),
    Case(
        name: "OMEMO without content",
        lines: bound + [
            from(
                "<encrypted xmlns='urn:xmpp:omemo:2'><header sid='1'><keys jid='romeo@jabber.test'><key rid='7' kex='true'>QQ==</key></keys></header></encrypted>"
            )
        ],
        says: ["without content (OMEMO 2, XEP-0384), from device 1 for device 7 (a new session). It only carries keys"],
        never: findings
    ),
    Case(
        name: "an encrypted correction",
        lines: bound + [
            sent,
            to(
                "<replace xmlns='urn:xmpp:message-correct:0' id='m1'/><encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='7'><key rid='1'>QQ==</key></header><payload>QQ==</payload></encrypted>"
            ),
        ],
        says: [
            "The client corrects its message of 009 in the chat with nurse@capulet.test/desk, encrypted (OMEMO, XEP-0384), from device 7 for device 1 (XEP-0308)."
        ],
        never: findings
    ),
    Case(
        name: "OTR",
        lines: bound + [from("<body>?OTR:AAMC</body>")],
        says: ["An encrypted chat message from nurse@capulet.test/desk (OTR)."],
        never: findings + ["AAMC"]
    ),
    Case(
        name: "what is named only",
        lines: bound + [from("<body>x</body><encryption xmlns='urn:xmpp:eme:0' namespace='urn:x' name='Rot13'/>")],
        says: ["An encrypted chat message from nurse@capulet.test/desk (Rot13, XEP-0380)."],
        never: findings
    ),
    Case(
        name: "the key of a file in the clear",
        lines: bound + [to("<body>aesgcm://a.test/f#00ff</body>")],
        says: [
            "sends a link to an encrypted file in the chat with nurse@capulet.test/desk: aesgcm://a.test/f",
            "Warning: the key of the encrypted file",
        ],
        never: ["00ff"]
    ),
    Case(
        name: "a link alone",
        lines: bound + [to("<body>https://a.test/f</body><x xmlns='jabber:x:oob'><url>https://a.test/f</url></x>")],
        says: [
            "The client sends a file by its link in the chat with nurse@capulet.test/desk: https://a.test/f (XEP-0066)."
        ],
        never: findings + ["programs"]
    ),
    Case(
        name: "a shared file",
        lines: bound + [
            from(
                "<file-sharing xmlns='urn:xmpp:sfs:0'><file xmlns='urn:xmpp:file:metadata:0'><name>a.jpg</name><size>1234567</size><media-type>image/jpeg</media-type></file><sources><url-data xmlns='http://jabber.org/protocol/url-data' target='https://a.test/a.jpg'/></sources></file-sharing>"
            )
        ],
        says: [
            "nurse@capulet.test/desk shares the file \"a.jpg\": image/jpeg, 1,234,567 bytes, at https://a.test/a.jpg (XEP-0447)."
        ],
        never: findings
    ),
    Case(
        name: "a mention, a spoiler and a hint",
        lines: bound + [
            from(
                "<body>Romeo dies</body><reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:romeo@jabber.test'/><spoiler xmlns='urn:xmpp:spoiler:0'>The end</spoiler><no-store xmlns='urn:xmpp:hints'/>"
            )
        ],
        says: [
            "\"Romeo dies\". It mentions romeo@jabber.test (XEP-0372). It is a spoiler", "\"The end\"",
            "It is not to be stored anywhere (XEP-0334).",
        ],
        never: findings
    ),
    Case(
        name: "what nobody knows comes with a text",
        lines: bound + [from("<body>Hi</body><x xmlns='urn:example:y'/>")],
        says: ["\"Hi\". It also carries <x/> of the namespace \"urn:example:y\"."],
        never: findings
    ),
    Case(
        name: "Firebase takes a message",
        lines: bound + [
            "S <message><gcm xmlns='google:mobile:data'>{\"message_type\":\"ack\",\"from\":\"dev-1\",\"message_id\":\"m,1\"}</gcm></message>"
        ],
        says: ["The server acknowledges the message m,1 of the device dev-1."],
        never: findings
    ),
    Case(
        name: "Firebase sends a message",
        lines: bound + [
            "C <message id=''><gcm xmlns='google:mobile:data'>{\"data\":{\"to\":\"x\",\"l\":[\"}\"]},\"to\":\"dev-1\",\"message_id\":\"m1\"}</gcm></message>"
        ],
        says: ["The client sends the message m1 for the device dev-1."],
        never: findings
    ),
]

/// Elements of every kind, with nothing in them.
private let empty: [String] = [
    ("received displayed request markable", "urn:xmpp:receipts"),
    ("received displayed acknowledged markable", "urn:xmpp:chat-markers:0"),
    ("composing gone x", "http://jabber.org/protocol/chatstates"), ("replace x", "urn:xmpp:message-correct:0"),
    ("retract retracted x", "urn:xmpp:message-retract:1"), ("apply-to x", "urn:xmpp:fasten:0"),
    ("reactions x", "urn:xmpp:reactions:0"),
    ("reply x", "urn:xmpp:reply:0"), ("fallback x", "urn:xmpp:fallback:0"), ("stanza-id origin-id", "urn:xmpp:sid:0"),
    ("store no-copy x", "urn:xmpp:hints"), ("sent received private x", "urn:xmpp:carbons:2"),
    ("forwarded x", "urn:xmpp:forward:0"),
    ("result fin x", "urn:xmpp:mam:2"), ("encrypted x", "eu.siacs.conversations.axolotl"),
    ("encryption", "urn:xmpp:eme:0"),
    ("openpgp x", "urn:xmpp:openpgp:0"), ("x", "jabber:x:encrypted"), ("x", "jabber:x:oob"), ("data", "urn:xmpp:bob"),
    ("file-sharing sources x", "urn:xmpp:sfs:0"), ("sticker", "urn:xmpp:stickers:0"),
    ("reference", "urn:xmpp:reference:0"),
    ("media-sharing", "urn:xmpp:sims:1"), ("attach-to", "urn:xmpp:message-attaching:1"),
    ("unstyled", "urn:xmpp:styling:0"),
    ("markup", "urn:xmpp:markup:0"), ("html", "http://jabber.org/protocol/xhtml-im"), ("spoiler", "urn:xmpp:spoiler:0"),
    ("content", "urn:xmpp:content"), ("securitylabel", "urn:xmpp:sec-label:0"),
    ("headers", "http://jabber.org/protocol/shim"),
    ("ephemeral", "urn:xmpp:ephemeral:0"), ("addresses", "http://jabber.org/protocol/address"),
    ("attention", "urn:xmpp:attention:0"),
    ("amp", "http://jabber.org/protocol/amp"), ("x", "jabber:x:event"), ("gcm x", "google:mobile:data"),
    ("delay", "urn:xmpp:delay"),
    ("x", "jabber:x:delay"), ("trust-message", "urn:xmpp:tm:1"), ("envelope", "urn:xmpp:sce:1"),
].flatMap { names, namespace in names.split(separator: " ").map { "<\($0) xmlns='\(namespace)'/>" } }

struct MessageContentTests {
    @Test("what comes with a message is told behind its text", arguments: carried)
    func carry(_ test: Case) { expect(test) }

    @Test("a message whose parts are empty is told in whole sentences, in each direction", arguments: empty)
    func emptyPart(_ part: String) {
        let contents = ["chat", "groupchat"].flatMap { type in
            ["", "<body>Hi</body>"].map { (type, "\($0)\(part)") }
        }
        let lines = contents.flatMap { type, content in
            [
                "C <message to='a@b.test' type='\(type)'>\(content)</message>",
                "S <message from='a@b.test/c' \(me) type='\(type)'>\(content)</message>",
                "S <message>\(content)</message>",
            ]
        }
        for (line, telling) in zip(lines, told(bound + lines).dropFirst(bound.count)) {
            let text = telling.split(separator: "\n").first ?? ""
            #expect(
                text.hasSuffix(".") && !["  ", " ,", " .", "..", "\"\""].contains(where: text.contains),
                "\(line): \(text)"
            )
            let isHidden = ["mam", "google", "carbons"].contains(where: part.contains)
            let isTold = text.contains("\"Hi\"") || text.contains("only for programs")
            #expect(isHidden || isTold || !line.contains("<body>"), "\(line): \(text)")
        }
    }
}
