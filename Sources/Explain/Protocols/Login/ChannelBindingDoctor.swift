import SASL
import XMPP

/// Finds out whether a login fails because stanzatap decrypts TLS: then client and server are on two TLS connections, and
/// whatever ties a login to "the" connection breaks. On a stream that is not intercepted it has nothing to say.
enum ChannelBindingDoctor {
    /// What the client's flag means for the login that it begins.
    static func examine(_ binding: ChannelBinding, in scene: Scene) -> (cause: Cause, code: FindingCode)? {
        guard scene.encryption.isIntercepted else { return nil }
        switch binding {
        case .unused: return nil
        case .used("tls-server-end-point"): return (endPoint, .bindingEndPoint)
        case .used(let type): return (twoConnections(type), .bindingBroken)
        case .notOffered:
            return tookMechanisms(scene) ? (downgrade(scene), .bindingHidden) : nil
        }
    }

    /// What a hash of the server's offers means to a client that saw fewer of them.
    static func examineHash(
        _ letter: String,
        after binding: ChannelBinding?,
        in scene: Scene
    ) -> Cause? {
        guard scene.encryption.isIntercepted, tookMechanisms(scene) else { return nil }
        // A client that uses the binding saw the list whole.
        if case .used? = binding { return nil }
        let keep =
            binding == .unused
            ? "--channel-binding keep, which leaves the list whole (this client, which does not bind its login, can log in then)"
            : keepPlus
        return Cause(
            why: "the server sent a hash of what it offered (\(letter)=, XEP-0474), but stanzatap took "
                + "\(plus(scene)) out of what the client saw, so a client that checks the hash must give up",
            remedy: "Ways out: \(keep); or \(untouchedTLS)."
        )
    }

    /// Why the server refused, if binding was the cause or probably was.
    static func examineFailure(
        _ condition: SASLFailure?,
        says text: String,
        of login: Login,
        in scene: Scene
    ) -> Cause? {
        guard scene.encryption.isIntercepted else { return nil }
        let suspected = login.binding.flatMap { examine($0, in: scene)?.cause }
        if mentionsBinding(text) || login.blamesBinding { return suspected ?? mismatch }
        switch condition {
        case .malformedRequest?, nil: return suspected
        case .notAuthorized?:
            guard var suspected else { return nil }
            // A wrong password looks the same.
            if login.binding == .notOffered || login.binding == .used(type: "tls-server-end-point") {
                suspected.why = "the name or the password is wrong, or: " + suspected.why
            }
            return suspected
        case .aborted?: return login.hashSuspicion
        case .accountDisabled?, .credentialsExpired?, .encryptionRequired?, .incorrectEncoding?, .invalidAuthzid?,
            .invalidMechanism?, .mechanismTooWeak?, .temporaryAuthFailure?:
            return nil
        }
    }

    private static func tookMechanisms(_ scene: Scene) -> Bool {
        scene.encryption.hidesPlus && !scene.offers.plus.isEmpty
    }

    private static func mentionsBinding(_ text: String) -> Bool {
        let text = String(text.prefix(2000)).lowercased()
        return ["channel binding", "channel-binding", "channelbinding"].contains { text.contains($0) }
    }

    // MARK: Causes

    private static func twoConnections(_ type: String) -> Cause {
        Cause(
            why:
                "the client binds its login to its TLS connection (\(type.shown(limit: 60))), which ends at stanzatap; client "
                + "and server are on two different TLS connections, so their values cannot match",
            remedy:
                "Ways out: \(switchOff); start stanzatap without --channel-binding keep, so that the client sees no "
                + "-PLUS mechanism; \(plainUpstream); or \(untouchedTLS)."
        )
    }

    private static let endPoint = Cause(
        why:
            "the client binds its login to the certificate that it was shown (tls-server-end-point), which matches only if "
            + "stanzatap shows the server's own",
        remedy: "Ways out: --cert and --key with the server's own certificate; \(switchOff); or \(untouchedTLS)."
    )

    private static func downgrade(_ scene: Scene) -> Cause {
        Cause(
            why: "the client could bind its login but saw no mechanism for it (flag y), because stanzatap took "
                + "\(plus(scene)) out of the list; the server did offer that, takes the flag for the sign of an attack "
                + "and must refuse (prosody answers malformed-request; some servers let it pass)",
            remedy: "Ways out: \(switchOff); \(plainUpstream); \(keepPlus); or \(untouchedTLS)."
        )
    }

    private static let mismatch = Cause(
        why:
            "the channel binding does not match: client and server are on two different TLS connections, with stanzatap "
            + "between them",
        remedy:
            "Ways out: \(switchOff); \(plainUpstream); for tls-server-end-point, --cert and --key with the server's own "
            + "certificate; or \(untouchedTLS)."
    )

    private static func plus(_ scene: Scene) -> String {
        let names = scene.offers.plus.prefix(6).map { $0.shown(limit: 40) }
        return names.listed()
    }

    // MARK: Ways out

    private static let switchOff = "switch channel binding off in the client (it then sends the flag n)"
    private static let plainUpstream = "--upstream-tls none, where the server allows it, so that it offers no binding"
    private static let keepPlus =
        "--channel-binding keep, which leaves -PLUS in (a client that binds can log in then only by tls-server-end-point, "
        + "and with the server's own certificate in --cert and --key)"
}

/// The way out of every trouble with TLS that is taken apart.
let untouchedTLS = "let stanzatap leave TLS untouched (--tls pass)"
