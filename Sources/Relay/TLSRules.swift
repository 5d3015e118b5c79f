/// How the server of a connection is to be reached by TLS, as the user wants it.
public enum UpstreamTLS: String, Sendable, CaseIterable {
    /// As the client does: STARTTLS is followed; for a client that begins with TLS, direct TLS, STARTTLS, or none, whatever
    /// the server has (none only with a server on this machine).
    case auto
    case starttls
    /// From the first byte (XEP-0368).
    case direct
    case none
}

/// One way to begin with a connected server.
enum ServerSecurity: Sendable, Equatable {
    /// Unencrypted, until the client asks for STARTTLS if it does.
    case plain
    /// TLS from the first byte.
    case direct
    /// A STARTTLS negotiation of our own, before the client's bytes.
    case startTLS
    /// TLS at once, for the server has just agreed to the client's STARTTLS.
    case agreed
}

/// Which ways to try with a server, in order.
struct TLSRules: Sendable, Equatable {
    /// True if TLS is decrypted, false if it is passed on untouched.
    var intercepts = false
    /// True if the client is not to see STARTTLS.
    var strips = false
    var upstream = UpstreamTLS.auto
    var hasFixedServer = true
    /// True if nobody can listen in on the way to the server, so that it may be spoken to without TLS although its client
    /// uses TLS.
    var isNear = true

    /// True if the server cannot be talked to before the client has said which domain it wants.
    func needsHeader(clientIsEncrypted: Bool) -> Bool {
        guard hasFixedServer else { return true }
        return intercepts && (clientIsEncrypted || strips || upstream == .direct)
    }

    /// True if a client in the clear has to take up STARTTLS with us, because its server has TLS from the first byte.
    var offersSTARTTLS: Bool { intercepts && !strips && upstream == .direct }

    /// True if nothing but what leads to STARTTLS may be said in the clear.
    var demandsSTARTTLS: Bool { intercepts && !strips && upstream == .starttls }

    /// True if the server may have TLS from the first byte, so that its certificate can be asked for beforehand.
    var mayProbe: Bool { intercepts && hasFixedServer && (upstream == .auto || upstream == .direct) }

    /// The services to look for in the DNS; with more than one, their records are mixed by priority (XEP-0368).
    func services(clientIsEncrypted: Bool) -> [ServiceKind] {
        guard intercepts else { return clientIsEncrypted ? [.direct] : [.startTLS] }
        switch upstream {
        case .direct: return [.direct]
        case .starttls, .none: return [.startTLS]
        case .auto: return clientIsEncrypted || strips ? [.direct, .startTLS] : [.startTLS]
        }
    }

    /// - Parameter offered: what the server's SRV record promises; nil if it was found otherwise.
    func attempts(clientIsEncrypted: Bool, offered: ServiceKind?) -> [ServerSecurity] {
        guard intercepts else { return [.plain] }
        let needsTLS = clientIsEncrypted || strips
        // What crosses a network must not be decrypted there because somebody on the way says that there is no TLS.
        let last: [ServerSecurity] = hasFixedServer && isNear ? [.plain] : []
        switch (upstream, offered) {
        case (.none, _): return [.plain]
        case (.direct, _), (.auto, .direct?): return [.direct]
        case (.starttls, _): return needsTLS ? [.startTLS] : [.plain]
        case (.auto, .startTLS?): return needsTLS ? [.startTLS] + last : [.plain]
        case (.auto, nil):
            if clientIsEncrypted { return [.direct, .startTLS] + last }
            return strips ? [.startTLS] + last : [.plain]
        }
    }
}

/// Which service an SRV record is about.
enum ServiceKind: Sendable, Equatable {
    /// `_xmpp-client`: STARTTLS (RFC 6120 section 3.2.1).
    case startTLS
    /// `_xmpps-client`: TLS from the first byte (XEP-0368).
    case direct

    /// The service's label in the DNS.
    var label: String {
        switch self {
        case .startTLS: "_xmpp-client"
        case .direct: "_xmpps-client"
        }
    }
}

/// Why TLS with one side did not come about.
struct TLSFailure: Error, Sendable, Equatable {
    /// True if the side has no TLS of this kind at all, so that another way may be tried.
    var isUnavailable = false
    /// A clause without a full stop.
    var reason: String
    /// What would help, a sentence; empty if nobody knows.
    var remedy = ""
}
