import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Stream management (XEP-0198): acknowledgements and resumption.
    static let streamManagement: ProtocolEntry = {
        let both = [NS.streamManagement3, NS.streamManagement2]
        var entry = ProtocolEntry("XEP-0198", "stream management", both)
        entry.codes = [
            .handledTooMuch, .handledFell, .handledMissing, .handledBehind, .managementTwice, .managementOff,
            .resumeAfterBind, .managementEarly,
            .resumeElsewhere, .resumeOther, .sentAgain, .sentTwice,
        ]
        // Whoever has the id of a session can take it over.
        entry.secrets = both.flatMap { [.attribute("previd", of: nil, $0), .attribute("id", of: "enabled", $0)] }
        entry.volatile = both.flatMap {
            [.attribute("previd", of: nil, $0), .attribute("id", of: nil, $0), .attribute("location", of: nil, $0)]
        }
        entry.conditions = ["handled-count-too-high": "more stanzas were acknowledged than were sent"]
        entry.feature = { feature in
            guard feature.name == "sm" else { return nil }
            return .clause(
                feature.namespace == NS.streamManagement3
                    ? "stream management (XEP-0198)" : "stream management in its older version 2 (XEP-0198)"
            )
        }
        entry.teller = { StreamManagementTeller() }
        entry.isReferee = true
        return entry
    }()
}

extension FindingCode {
    static let managementOff = warning(
        "sm.off",
        "XEP-0198 section 4",
        "Acknowledgements may be asked for and sent once stream management is on. Before that a server answers with an error, or not at all."
    )
    static let managementEarly = warning(
        "sm.enabled.early",
        "XEP-0198 section 3",
        "The client asks for stream management before it has logged in and bound a resource; the server refuses with unexpected-request."
    )
    static let managementTwice = warning(
        "sm.enabled.twice",
        "XEP-0198 section 3",
        "Stream management was turned on although it is on. A client may try that only once; a server refuses with unexpected-request, or ends the stream."
    )
}
