import XMPP

/// The kinds of findings about logins.
extension FindingCode {
    static let mechanismNotOffered = warning(
        "sasl.mechanism.not-offered",
        "RFC 6120 section 6.4.1",
        "The client chose a mechanism that the server did not list. The server answers that with invalid-mechanism; let the client choose from the list."
    )
    static let noLogin = note(
        "sasl.none",
        "RFC 6120 section 6.4",
        "A message of a login came although no login was going on."
    )
    static let unaskedSuccess = warning(
        "sasl.success.unasked",
        "RFC 6120 section 6.4.6",
        "The server accepts a login that nobody began on this stream. A client that goes on has proved nothing and was shown no proof, so anybody in between could have sent it. It must end the stream."
    )
    static let saslBase64 = warning(
        "sasl.base64",
        "RFC 6120 section 13.9.1",
        "The data of SASL must be base64 without anything in between."
    )
    static let saslBlanks = warning(
        "sasl.base64.blanks",
        "RFC 6120 section 13.9.1",
        "Blanks or line breaks in base64 come from libraries that wrap lines. Strict receivers refuse them with incorrect-encoding."
    )
    static let saslMalformed = warning(
        "sasl.message",
        "RFC 4422 section 4",
        "A message is not built as its mechanism wants it; the other side must refuse it."
    )
    static let saslUnexpected = warning(
        "sasl.message.unexpected",
        "RFC 4422 section 4",
        "A side sent a message where its mechanism has none."
    )
    static let saslUserEmpty = warning("sasl.username.empty", "RFC 4422 section 3.4.1", "A login names no user.")
    static let saslSecretEmpty = warning(
        "sasl.password.empty",
        "RFC 4616 section 2",
        "A login carries an empty password or token."
    )
    static let saslEncoding = warning("sasl.encoding", "RFC 4616 section 2", "Names and passwords must be UTF-8.")
    static let saslNoProof = warning(
        "sasl.server.unproved",
        "RFC 5802 section 5.1",
        "The server let the client in without proving that it knows the password too. It may be somebody else, who wants the client to go on."
    )
    static let saslNonce = warning(
        "sasl.nonce",
        "RFC 5802 section 5.1",
        "The nonces of both sides do not fit together, so a message may be that of another login."
    )
    static let scramName = warning(
        "sasl.scram.username",
        "RFC 5802 section 5.1",
        "In user names of SCRAM, comma and equals sign must be written =2C and =3D."
    )
    static let scramFlag = warning(
        "sasl.scram.flag",
        "RFC 5802 section 6",
        "The flag of channel binding does not fit the mechanism."
    )
    static let scramProof = warning(
        "sasl.scram.proof",
        "RFC 5802 section 3",
        "The client's proof is missing or has the wrong length, most often because another hash was used."
    )
    static let scramBinding = warning(
        "sasl.scram.binding",
        "RFC 5802 section 5.1",
        "c= must repeat the header of the first message, with the data of the binding behind it if there is one."
    )
    static let scramIterations = warning(
        "sasl.scram.iterations",
        "RFC 7677 section 4",
        "How often the password is to be hashed decides how hard it is to guess, and how long a client takes."
    )
    static let scramSignature = warning(
        "sasl.scram.signature",
        "RFC 5802 section 3",
        "The server's signature cannot be right; a client must not go on."
    )
    static let scramExtension = warning(
        "sasl.scram.extension",
        "RFC 5802 section 5.1",
        "An extension is mandatory (m=) that hardly anybody knows."
    )
    static let scramExtra = note(
        "sasl.scram.extra",
        "RFC 5802 section 5.1",
        "A message of SCRAM has attributes beyond those that RFC 5802 defines."
    )
    static let digestAlgorithm = warning(
        "sasl.digest.algorithm",
        "RFC 2831 section 2.1.1",
        "DIGEST-MD5 knows one algorithm only, md5-sess."
    )
    static let digestIncomplete = warning(
        "sasl.digest.incomplete",
        "RFC 2831 section 2.1.2",
        "The response lacks something that the digest is made of."
    )
    static let digestURI = warning(
        "sasl.digest.uri",
        "RFC 2831 section 2.1.2",
        "The digest-uri names the service; for XMPP it is xmpp/ and the domain."
    )
    static let digestURIDomain = note(
        "sasl.digest.uri.domain",
        "RFC 2831 section 2.1.2",
        "The digest-uri names another domain than the stream."
    )
    static let digestRealm = warning(
        "sasl.digest.realm",
        "RFC 2831 section 2.1.2",
        "The realm of the response must be one of those that the challenge offers."
    )
    static let digestLayer = note(
        "sasl.digest.layer",
        "RFC 2831 section 2.3",
        "A security layer was chosen; what follows is wrapped and can no longer be read."
    )
    static let tokenMechanism = note(
        "sasl.token.mechanism",
        "XEP-0484",
        "The names of FAST's mechanisms end with the type of channel binding."
    )
    static let tokenInClear = warning(
        "login.token.in-clear",
        "XEP-0484",
        "A token with which anybody can log in is readable for everybody on the way."
    )
    static let oauthAcknowledgement = note(
        "sasl.oauth.acknowledgement",
        "RFC 7628 section 3.2.3",
        "After an error the client answers with a single byte of value 1."
    )
    static let externalIntercepted = warning(
        "sasl.external.intercepted",
        "XEP-0178 section 2",
        "The client's certificate ends at stanzatap, so the server cannot take the account from it."
    )
    static let bindingBroken = warning(
        "sasl.channel-binding",
        "RFC 5802 section 6",
        "The login is tied to one TLS connection, but stanzatap stands between two."
    )
    static let bindingHidden = note(
        "sasl.channel-binding.hidden",
        "RFC 5802 section 6",
        "The client could tie its login to the TLS connection, and the server too, but stanzatap hides that from the client, for it cannot work with stanzatap in between. A strict server takes it for the sign of an attack and refuses the login; neither client nor server is to blame."
    )
    static let bindingEndPoint = note(
        "sasl.channel-binding.end-point",
        "RFC 5929 section 4",
        "The login is tied to the certificate that the client was shown."
    )
    static let userAgentID = warning(
        "sasl2.user-agent.id",
        "XEP-0388 section 2.3",
        "The id of a client's installation must be a random UUID, of version 4."
    )
    static let taskMissing = warning(
        "sasl2.task.missing",
        "XEP-0388 section 2.6.3",
        "The server wants another step but does not say which."
    )

    static let loginOverlap = warning(
        "sasl.overlap",
        "RFC 6120 section 6.4",
        "One login began before another one had ended. The server must refuse, or one of them is lost."
    )
    static let failureCondition = note(
        "sasl.failure.condition",
        "RFC 6120 section 6.5",
        "A refusal must name one of the defined conditions, so that the client knows whether to ask for another password, to wait, or to give up."
    )
    static let nonceRepeated = warning(
        "sasl.nonce.repeated",
        "RFC 5802 section 5.1",
        "A nonce must be new in each login. One that comes again lets whoever heard the first login play parts of it again, or shows that chance is badly made."
    )
    static let nonceCharacters = warning(
        "sasl.nonce.characters",
        "RFC 5802 section 7",
        "A nonce holds printable characters of ASCII only, without blanks and commas. Strict receivers refuse others."
    )
    static let scramOrder = warning(
        "sasl.scram.order",
        "RFC 5802 section 5.1",
        "The attributes of SCRAM have a fixed order. Strict receivers refuse any other, and the proofs are made of the text as it stands."
    )
    static let scramPrepared = warning(
        "sasl.scram.saslprep",
        "RFC 5802 section 5.1",
        "User names are brought into one form (SASLprep, RFC 4013) before they are sent, so that both sides hash the same. Without that, the same name typed on another keyboard does not log in."
    )
    static let scramEarly = warning(
        "sasl.scram.early",
        "RFC 5802 section 5",
        "The server ended the login before the client proved anything: it lets in whoever knows the name, or is no server that knows the password."
    )
    static let tokenLength = warning(
        "sasl.token.length",
        "XEP-0484",
        "The hash of a token is as long as its hash function makes it; another length shows that another function was used."
    )

    static let sasl: [FindingCode] = [
        loginOverlap, failureCondition, nonceRepeated, nonceCharacters, scramOrder, scramPrepared,
        scramEarly,
        tokenLength,
        mechanismNotOffered, noLogin, unaskedSuccess, saslBase64, saslBlanks, saslMalformed, saslUnexpected,
        saslUserEmpty,
        saslSecretEmpty,
        saslEncoding, saslNoProof, saslNonce, scramName, scramFlag, scramProof, scramBinding, scramIterations,
        scramSignature,
        scramExtension, scramExtra, digestAlgorithm, digestIncomplete, digestURI, digestURIDomain, digestRealm,
        digestLayer,
        tokenMechanism, tokenInClear, oauthAcknowledgement, externalIntercepted, bindingBroken, bindingHidden,
        bindingEndPoint,
        userAgentID,
        taskMissing, passwordInClear,
    ]
}
