extension Story {
    /// What it is, to be followed by "succeeded": `Registration of test3@jabber.org`.
    public var title: String { kind.title(of: subject) }
}

extension StoryStep {
    /// What the story is, to be followed by "succeeded".
    public var title: String { kind.title(of: subject) }
}

extension Story.Kind {
    fileprivate func title(of subject: String) -> String {
        switch self {
        case .registration: subject.isEmpty ? "Registration" : "Registration of \(subject)"
        case .serviceRegistration:
            subject.hasPrefix("the room ") ? "Membership in \(subject)" : "Registration with \(subject)"
        case .passwordChange: "Password change of \(subject)"
        case .removal: "Removal of \(subject)"
        case .login: subject.contains(" by ") ? "Login as \(subject)" : "Login by \(subject)"
        case .encryption: "Encryption by STARTTLS"
        case .compression: "Compression"
        case .bind: "Binding a resource"
        case .resumption: subject.isEmpty ? "Resuming the earlier session" : "Resuming the session \(subject)"
        case .subscription: "The request to see \(subject)"
        case .roomJoin: "Entering the room \(subject)"
        case .component: "The component's handshake"
        case .upload: "Asking for a place to upload \(subject)"
        case .call: "The call with \(subject)"
        case .fileTransfer: "The transfer of \(subject)"
        case .command: "The command \(subject)"
        case .archiveQuery: "The query of \(subject)"
        case .request: "The request"
        }
    }
}
