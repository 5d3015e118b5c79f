import XMPP

/// What stands above a page and above each of its connections: servers by their names, for addresses are told below.
enum PageHeading {
    private static let mostNames = 3

    /// Of the whole page.
    static func of(_ ladders: [Ladder]) -> String {
        guard ladders.count > 1 else {
            guard let ladder = ladders.first else { return "XMPP session" }
            return ladder.ownTitle ?? "XMPP session with \(ladder.domain ?? "an unknown server")"
        }
        var names: [String] = []
        for case let name? in ladders.map(\.domain) where !names.contains(name) { names.append(name) }
        if names.isEmpty { return "XMPP sessions" }
        let more = names.count - mostNames
        return "XMPP sessions with "
            + (more > 0 ? names.prefix(mostNames) + ["\(more) more"] : names[...]).listed()
    }

    /// Of one connection.
    static func of(_ ladder: Ladder) -> String {
        let name = "Connection \(ladder.connection)"
        return (ladder.ownTitle ?? ladder.domain).map { "\(name): \($0)" } ?? name
    }
}
