import Conversation
import XMLStream
import XMPP

extension ClientReplay {
    /// Who logs in in a recording that does not tell their passwords.
    public static func usersWithoutPassword(in conversation: RecordedConversation) -> [String] {
        let accounts = RecordedAccounts(conversation)
        return conversation.steps.indices.compactMap { index in
            guard case .packet(let packet) = conversation.steps[index].event, let element = packet.element,
                element.is("auth", NS.sasl) || element.is("authenticate", NS.sasl2)
            else { return nil }
            let login = RecordedLogin(element, at: index, in: conversation.steps)
            guard login.outcome == .success, let user = login.user, login.password == nil else { return nil }
            return accounts.password(of: user) == nil ? user : nil
        }
    }
}
