import XMPP

/// Commands that specifications define, by their nodes.
enum CommandNames {
    /// What the command of a node is called: `the command "Add User" of burg.example` begins with it.
    ///
    /// - Parameter node: as it was sent; nil or empty if it was missing.
    static func name(of node: String?) -> String {
        guard let node = node?.trimmed.nonEmpty else { return "a command without a name" }
        if let known = known(node) { return "the command \"\(known)\"" }
        return "the command \(node.quoted(limit: 100))"
    }

    private static func known(_ node: String) -> String? {
        if let name = others[node] ?? hats[node] { return name }
        let prefix = "http://jabber.org/protocol/admin#"
        guard node.hasPrefix(prefix) else { return nil }
        return administration[String(decoding: node.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)]
    }

    /// XEP-0317.
    private static let hats: [String: String] = [
        "urn:xmpp:hats:commands:create": "Create a hat", "urn:xmpp:hats:commands:destroy": "Destroy a hat",
        "urn:xmpp:hats:commands:list": "List hats", "urn:xmpp:hats:commands:assign": "Assign a hat",
        "urn:xmpp:hats:commands:unassign": "Unassign a hat",
        "urn:xmpp:hats:commands:list-assigned": "List assigned hats",
    ]

    /// XEP-0133, by what stands behind the `#`.
    private static let administration: [String: String] = [
        "add-user": "Add User", "delete-user": "Delete User", "disable-user": "Disable User",
        "reenable-user": "Re-Enable User", "end-user-session": "End User Session",
        "get-user-password": "Get User Password", "change-user-password": "Change User Password",
        "get-user-roster": "Get User Roster", "get-user-lastlogin": "Get User Last Login Time",
        "user-stats": "Get User Statistics", "edit-blacklist": "Edit Blacklist", "edit-whitelist": "Edit Whitelist",
        "add-to-blacklist-in": "Edit Blacklist (inbound)", "add-to-blacklist-out": "Edit Blacklist (outbound)",
        "add-to-whitelist": "Edit Whitelist", "add-to-whitelist-in": "Edit Whitelist (inbound)",
        "add-to-whitelist-out": "Edit Whitelist (outbound)",
        "get-registered-users-num": "Get Number of Registered Users",
        "get-disabled-users-num": "Get Number of Disabled Users", "get-online-users-num": "Get Number of Online Users",
        "get-active-users-num": "Get Number of Active Users", "get-idle-users-num": "Get Number of Idle Users",
        "get-registered-users-list": "Get List of Registered Users",
        "get-disabled-users-list": "Get List of Disabled Users", "get-online-users-list": "Get List of Online Users",
        "get-active-users": "Get List of Active Users", "get-idle-users": "Get List of Idle Users",
        "announce": "Send Announcement to Online Users", "set-motd": "Set Message of the Day",
        "edit-motd": "Edit Message of the Day", "delete-motd": "Delete Message of the Day",
        "set-welcome": "Set Welcome Message", "delete-welcome": "Delete Welcome Message",
        "edit-admin": "Edit Admin List",
        "restart": "Restart Service", "shutdown": "Shut Down Service",
    ]

    /// Of XEP-0146, XEP-0401 and XEP-0055's kin.
    private static let others: [String: String] = [
        "http://jabber.org/protocol/rc#set-status": "Set Status",
        "http://jabber.org/protocol/rc#set-options": "Set Options",
        "http://jabber.org/protocol/rc#accept-files": "Accept Pending File Transfers",
        "http://jabber.org/protocol/rc#forward": "Forward Unread Messages",
        "http://jabber.org/protocol/rc#leave-groupchats": "Leave Groupchats",
        "urn:xmpp:invite#invite": "Invite a Friend",
        "urn:xmpp:invite#create-account": "Create an Account for Somebody",
    ]
}
