import SASL
import XMPP

/// SCRAM (RFC 5802, RFC 7677): four messages by which both sides prove that they know the password.
struct SCRAMExplainer: MechanismExplainer {
    /// Which message comes next.
    private enum Step {
        case clientFirst, serverFirst, clientFinal, serverFinal, done
    }

    let name: String
    private var step = Step.clientFirst
    private var header: GS2Header?
    private var clientNonce: [UInt8]?
    /// Both sides' nonces in one.
    private var nonce: [UInt8]?
    private var hasSignature = false
    /// True once the client has sent a proof.
    private var hasProof = false

    init(name: String) { self.name = name }

    var meaning: String { ", which proves that both sides know the password without sending it" }

    private var isPlus: Bool { SCRAMMechanism(name)?.isPlus == true }

    /// The length of the hash, and so of proof and signature.
    private var hashBytes: Int? { SCRAMMechanism(name)?.hashBytes }

    mutating func read(_ data: [UInt8], from sender: Side, in scene: Scene) -> MechanismMessage {
        // Where a message must be and there is nothing to say: before the first and behind the last one.
        if data.isEmpty, step == .clientFirst && sender == .server || step == .done { return MechanismMessage() }
        return switch (step, sender) {
        case (.clientFirst, .client): clientFirst(data, scene)
        case (.serverFirst, .server):
            data.starts(with: "e=".utf8) || data.starts(with: "v=".utf8) ? serverFinal(data) : serverFirst(data)
        case (.clientFinal, .client): clientFinal(data)
        case (.serverFinal, .server): serverFinal(data)
        case (.clientFirst, .server), (.serverFirst, .client), (.clientFinal, .server), (.serverFinal, .client),
            (.done, _):
            unexpected(from: sender, in: scene)
        }
    }

    private func unexpected(from sender: Side, in scene: Scene) -> MechanismMessage {
        // What stood before may be in a direction that was not recorded whole.
        if !scene.unreadable.isEmpty { return MechanismMessage() }
        return MechanismMessage(
            [],
            [Finding(.saslUnexpected, "SCRAM does not have the \(sender) send anything here (RFC 5802 section 5).")]
        )
    }

    func doubtsAboutSuccess() -> [Finding] {
        if hasSignature, !hasProof {
            return [Finding(.scramEarly, "the client has not proved anything yet (RFC 5802 section 5).")]
        }
        if hasSignature { return [] }
        return [
            Finding(
                .saslNoProof,
                "the server did not prove that it knows the password (v=); a client must not go on (RFC 5802 section 5.1)."
            )
        ]
    }

    func refused(_ condition: SASLFailure, in scene: Scene) -> Cause? {
        guard condition == .notAuthorized else { return nil }
        if step == .serverFirst {
            return Cause(
                why: "the server refused before anything was proved, so it probably does not know the user",
                remedy: "Check the user name and the domain; the password did not matter yet."
            )
        }
        return Cause(
            why: "the proof did not fit: the password is wrong, or the account does not exist",
            remedy: "Check user name and password."
        )
    }

    // MARK: The client

    private mutating func clientFirst(_ data: [UInt8], _ scene: Scene) -> MechanismMessage {
        step = .serverFirst
        guard let header = GS2Header(data, .strict) else {
            return malformed("client's first", "a GS2 header such as \"n,,\", then n= and r=")
        }
        self.header = header
        guard let fields = SCRAMMessage(data[header.bytes.count...], .strict), let user = fields["n"],
            let nonce = fields["r"]
        else {
            var message = malformed("client's first", "the user n= and the nonce r=")
            message.binding = header.binding
            return message
        }
        clientNonce = Array(nonce)
        var message = MechanismMessage()
        message.binding = header.binding
        message.user = SASLName.decoded(user, .strict)
        message.sentences = toldAuthorization(header.authorizationIdentity, user: message.user, in: scene)
        message.sentences.append("Its nonce has \(counted(nonce.count, "character")).")
        message.sentences.append(header.binding.sentence)
        message.findings = flagFindings(header.binding) + extensionFindings(fields, known: "nr")
        message.findings += nameFindings(message.user)
        message.findings += SCRAMDetails.orderFindings(fields, of: "nr") + SCRAMDetails.nonceFindings(nonce)
        message.findings += SCRAMDetails.nameFindings(message.user)
        message.nonce = Array(nonce)
        return message
    }

    private func nameFindings(_ user: String?) -> [Finding] {
        guard let user else {
            return [Finding(.scramName, "in the user name, '=' may only stand as =2C or =3D (RFC 5802 section 5.1).")]
        }
        return user.isEmpty ? [Finding(.saslUserEmpty, "the user name is empty.")] : []
    }

    private func flagFindings(_ binding: ChannelBinding) -> [Finding] {
        switch binding {
        case .used:
            if isPlus { return [] }
            return [
                Finding(.scramFlag, "the flag p belongs to \(name.shown(limit: 40))-PLUS only; the server must refuse.")
            ]
        case .unused, .notOffered:
            guard isPlus else { return [] }
            return [
                Finding(.scramFlag, "\(name.shown(limit: 40)) needs channel binding, flag p; the server must refuse.")
            ]
        }
    }

    private mutating func clientFinal(_ data: [UInt8]) -> MechanismMessage {
        step = .serverFinal
        guard let fields = SCRAMMessage(data[...], .strict), fields["c"] != nil, let nonce = fields["r"] else {
            return malformed("client's final", "c=, the nonce r= and the proof p=")
        }
        var message = MechanismMessage()
        tellHeader(fields, &message)
        message.findings += SCRAMDetails.orderFindings(fields, of: "cr")
        hasProof = fields["p"] != nil
        if let expected = self.nonce, !nonce.elementsEqual(expected) {
            message.blame(
                .saslNonce,
                "its nonce differs from the server's",
                "The client must repeat the server's nonce as it is."
            )
        }
        if fields["p"] != nil, fields.withoutProof == nil {
            message.blame(.scramProof, "p= does not stand at the end", "The proof is the last attribute of all.")
        }
        if let proof = fields.data("p") {
            message.sentences.append(
                "It sends its proof that it knows the password (\(counted(proof.count, "byte")))."
            )
            if let hashBytes, proof.count != hashBytes {
                message.blame(
                    .scramProof,
                    "the proof has \(counted(proof.count, "byte")), but \(name.shown(limit: 40)) makes \(hashBytes)",
                    "The client most likely uses another hash than that of the mechanism it names."
                )
            }
        } else {
            message.blame(
                .scramProof,
                "there is no proof (p=) that could be decoded",
                "The client must send p= in base64."
            )
        }
        message.findings += extensionFindings(fields, known: "crp")
        return message
    }

    /// `c=` must be the header of the first message again, and after it the data that both sides see of their connection.
    private func tellHeader(_ fields: SCRAMMessage, _ message: inout MechanismMessage) {
        guard let bytes = fields.data("c") else {
            message.blame(
                .scramBinding,
                "c= is not valid base64",
                "c= must hold the header of the first message in base64."
            )
            return
        }
        guard let header else { return }
        let shown = String(decoding: header.bytes, as: UTF8.self).quoted(limit: 60)
        guard bytes.starts(with: header.bytes) else {
            message.blame(
                .scramBinding,
                "c= does not repeat the GS2 header \(shown) of the first message",
                "c= must hold that header in base64."
            )
            return
        }
        let count = bytes.count - header.bytes.count
        switch header.binding {
        case .used:
            message.sentences.append(
                "It repeats its GS2 header and adds \(counted(count, "byte")) of channel binding data."
            )
            if let wrong = SCRAMDetails.length(count, of: header.binding) {
                message.blame(.scramBinding, wrong, "The data must be that of the type that the client names.")
            }
            if count == 0 {
                message.blame(
                    .scramBinding,
                    "there is no channel binding data in c=",
                    "With the flag p the data of the binding must follow the header."
                )
            }
        case .unused, .notOffered:
            message.sentences.append("It repeats its GS2 header \(shown).")
            if count > 0 {
                message.blame(
                    .scramBinding,
                    "c= has \(counted(count, "byte")) too many",
                    "c= must hold the header of the first message and nothing else."
                )
            }
        }
    }
}

// MARK: The server

extension SCRAMExplainer {
    private mutating func serverFirst(_ data: [UInt8]) -> MechanismMessage {
        step = .clientFinal
        guard let fields = SCRAMMessage(data[...], .strict), let nonce = fields["r"] else {
            return malformed("server's first", "the nonce r=, the salt s= and the iterations i=")
        }
        self.nonce = Array(nonce)
        var message = MechanismMessage()
        if let clientNonce {
            if !nonce.starts(with: clientNonce) {
                message.findings.append(
                    Finding(.saslNonce, "the server's nonce does not begin with the client's; the client must give up.")
                )
            } else if nonce.count == clientNonce.count {
                message.findings.append(Finding(.saslNonce, "the server added nothing of its own to the nonce."))
            } else {
                let added = counted(nonce.count - clientNonce.count, "character")
                message.sentences.append("It adds \(added) to the client's nonce.")
                message.nonce = Array(nonce.dropFirst(clientNonce.count))
            }
        }
        message.findings += SCRAMDetails.orderFindings(fields, of: "rsi")
        if !nonce.allSatisfy(SCRAMDetails.isPrintable) {
            message.findings.append(SCRAMDetails.charactersFinding)
        }
        tellSalt(fields, &message)
        message.offersHash = fields.text("h")
        for letter in ["h", "d"] where fields.letters.contains(letter) {
            message.hashOfOffers = letter
            message.sentences.append(
                "A hash of what it offers (\(letter)=, XEP-0474\(letter == "d" ? " in an older version" : "")) lets the client tell "
                    + "whether somebody changed the list."
            )
        }
        message.findings += extensionFindings(fields, known: "rsihd")
        return message
    }

    private func tellSalt(_ fields: SCRAMMessage, _ message: inout MechanismMessage) {
        let salt = fields.data("s")
        let iterations = fields.iterations
        if let salt, let iterations {
            message.sentences.append(
                "The password is to be hashed \(iterations == 1 ? "once" : "\(iterations) times"), with a salt of "
                    + "\(counted(salt.count, "byte"))."
            )
        }
        if salt?.isEmpty != false {
            message.findings.append(
                Finding(.saslMalformed, "there is no salt (s=) that could be decoded; the client must give up.")
            )
        }
        guard let iterations else {
            message.findings.append(
                Finding(.saslMalformed, "there is no number of iterations (i=); the client must give up.")
            )
            return
        }
        if iterations < 4096 {
            message.findings.append(
                Finding(
                    .scramIterations,
                    "\(counted(iterations, "iteration")) \(iterations == 1 ? "is" : "are") too few: who reads along can guess the password sooner; 4096 is the least."
                )
            )
        } else if iterations > 10_000_000 {
            message.findings.append(
                Finding(.scramIterations, "so many iterations keep a client busy for seconds or longer.")
            )
        }
    }

    private mutating func serverFinal(_ data: [UInt8]) -> MechanismMessage {
        step = .done
        let fields = SCRAMMessage(data[...], .lenient)
        if let code = fields?.text("e") { return reported(code) }
        guard let fields, fields["v"] != nil else { return malformed("server's final", "v= or e=") }
        hasSignature = true
        var message = MechanismMessage()
        guard let signature = fields.data("v") else {
            message.findings.append(Finding(.scramSignature, "v= is not valid base64; the client must not go on."))
            return message
        }
        message.sentences.append(
            "It proves that it knows the password too (v=, \(counted(signature.count, "byte")))."
        )
        if let hashBytes, signature.count != hashBytes {
            message.findings.append(
                Finding(.scramSignature, "v= should have \(hashBytes) bytes; the client must not go on.")
            )
        }
        return message
    }

    private func reported(_ code: String) -> MechanismMessage {
        let error = SCRAMError(rawValue: code)
        let cause = error?.cause ?? Cause(why: "an error that RFC 5802 does not define", remedy: "")
        var message = MechanismMessage(["It reports the error \(code.shown(limit: 60)): \(cause.why)."])
        message.error = cause
        message.blamesBinding = error?.isAboutBinding ?? false
        return message
    }

    // MARK: Both

    private func malformed(_ which: String, _ parts: String) -> MechanismMessage {
        MechanismMessage(
            [],
            [
                Finding(
                    .saslMalformed,
                    "this is not what the \(which) message of SCRAM must be: \(parts) (RFC 5802 section 7)."
                )
            ]
        )
    }

    private func extensionFindings(_ fields: SCRAMMessage, known: String) -> [Finding] {
        let others = fields.others(than: known)
        if others.contains("m") {
            return [Finding(.scramExtension, "it insists on an extension (m=); who does not know it must give up.")]
        }
        if others.isEmpty { return [] }
        return [
            Finding(
                .scramExtra,
                "it has the extra attribute\(others.count == 1 ? "" : "s") \(others.map { $0 + "=" }.listed())."
            )
        ]
    }
}
