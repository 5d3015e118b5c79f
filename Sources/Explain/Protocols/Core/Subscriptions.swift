import Session
import XMLStream
import XMPP

/// Asking to see somebody's presence, and the answers (RFC 6121 section 3).

/// What passed about seeing each other's presence, by packets. It may go on on another connection.
struct Subscription {
    /// The client asked.
    var asked: PacketPlace?
    /// The id of that request, by which it comes back.
    var askedID: String?
    /// The client was asked.
    var wasAsked: PacketPlace?
    /// The client allowed it.
    var granted: PacketPlace?
    /// The other side allowed it.
    var wasGranted: PacketPlace?
    /// The story of the client's request, on the connection that it was made on.
    var story: Int?
    /// The same of the other side's request, which the client answers.
    var foreignStory: Int?
}

extension Scene {
    /// What is known about a subscription, also from other connections of the account.
    func subscription(_ peer: String) -> Subscription? {
        if let known = subscriptions[peer] { return known }
        return subscriptionMemoryKey(peer).flatMap { memory.subscription($0) }
    }

    fileprivate mutating func note(_ subscription: Subscription, _ peer: String) {
        // No real contact list is longer; a hostile one shall not cost much.
        guard subscriptions.count < 10_000 || subscriptions[peer] != nil else { return }
        subscriptions[peer] = subscription
        guard let key = subscriptionMemoryKey(peer) else { return }
        var elsewhere = subscription
        (elsewhere.story, elsewhere.foreignStory) = (nil, nil)
        memory.keep(elsewhere, as: key)
    }

    /// Streams of servers have subscriptions of many accounts, and say whose each is.
    private func subscriptionMemoryKey(_ peer: String) -> String? {
        streamKind == .client ? bareJID.map { "\($0.addressKey) \(peer)" } : nil
    }
}

/// Between whom a subscription is: on a client's stream the other side says it, elsewhere many have some with many.
private func subscriptionKey(_ presence: Element, _ isClients: Bool, _ scene: Scene) -> String {
    let (from, to) = (presence["from"] ?? "", presence["to"] ?? "")
    let (near, far) = isClients ? (from, to) : (to, from)
    let other = JID(far).bare.addressKey
    return scene.streamKind == .client ? other : "\(JID(near).bare.addressKey) \(other)"
}

func tellSubscription(_ presence: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
    let speaker = scene.speaker(of: presence, in: packet)
    let isClients = packet.direction == .clientToServer
    let type = presence["type"] ?? ""
    if presence["to"]?.nonEmpty == nil, isClients {
        return Telling(
            "\(speaker.start) sends presence of the type \(type), which is about seeing each other online, to nobody.",
            [Finding(.subscriptionAddress, "it has no to, so nobody can know whom it is for (RFC 6121 section 3.1.1).")]
        )
    }
    let peer = subscriptionKey(presence, isClients, scene)
    let status = presence.child("status", presence.namespace)?.text ?? ""
    let says =
        (status.isEmpty ? "" : " It says: \(status.quoted(limit: 120)).") + PresenceExtras.nickname(presence)
        + PresenceExtras.affiliation(presence) + PresenceExtras.token(presence, &scene)
    let (who, whom) = (speaker.name, scene.addressee(of: presence, in: packet).name)
    let known = scene.subscription(peer)
    let clause: String
    switch type {
    case "subscribe": clause = "asks \(whom) for permission to see when \(whom) is online (subscription)"
    case "subscribed":
        clause = grant(from: who, to: whom, asked: isClients ? known?.wasAsked : known?.asked, isClients, scene)
    case "unsubscribe": clause = "no longer wants to see when \(whom) is online, and ends its subscription"
    default: clause = withdrawal(from: who, to: whom, known, isClients, scene)
    }
    let next =
        type == "subscribe" && !isClients && scene.streamKind == .client && known?.granted == nil
        && scene.addressee(of: presence, in: packet).role == .client
    let due = next ? " The client has to grant or refuse it." : ""
    noteSubscription(presence, known, peer, packet, &scene)
    return Telling("\(speaker.start) \(clause).\(says)\(due)".collapsingStops, toResource(presence, isClients))
}

/// A request of the client's is for all sessions of the other account, not for one of them.
private func toResource(_ presence: Element, _ isClients: Bool) -> [Finding] {
    guard isClients, presence["type"] == "subscribe", let to = presence["to"], JID(to).resource != nil else {
        return []
    }
    return [
        Finding(
            .subscriptionResource,
            "the request is addressed to one session; it must go to the bare address (RFC 6121 section 3.1.1)."
        )
    ]
}

private func grant(from who: String, to whom: String, asked: PacketPlace?, _ isClients: Bool, _ scene: Scene) -> String
{
    if let asked {
        return "grants the request of \(asked.told(from: scene.connection)): \(whom) may see when \(who) is online"
    }
    let allowed = "allows \(whom) to see when \(who) is online"
    // Whoever asked may have done so before the recording, or while the client was offline.
    return !isClients || scene.beginsInMiddle
        ? allowed
        : "\(allowed); no request for that was seen on this connection, so this may be a permission in advance (RFC 6121 section 3.4)"
}

private func withdrawal(from who: String, to whom: String, _ known: Subscription?, _ isClients: Bool, _ scene: Scene)
    -> String
{
    let (asked, granted) = isClients ? (known?.wasAsked, known?.granted) : (known?.asked, known?.wasGranted)
    if let granted {
        return
            "takes back the permission of \(granted.told(from: scene.connection)): \(whom) no longer sees when \(who) is online"
    }
    if let asked {
        return
            "refuses the request of \(asked.told(from: scene.connection)): \(whom) may not see when \(who) is online"
    }
    return "does not let \(whom) see when \(who) is online, or no longer"
}

private func noteSubscription(
    _ presence: Element,
    _ before: Subscription?,
    _ peer: String,
    _ packet: Packet,
    _ scene: inout Scene
) {
    var known = before ?? Subscription()
    let place = PacketPlace(connection: scene.connection, packet: packet.number)
    switch (presence["type"] ?? "", packet.direction == .clientToServer) {
    case ("subscribe", true):
        (known.asked, known.askedID, known.wasGranted) = (place, presence["id"], nil)
        known.story = scene.stories.begin(.subscription, peer.shown(limit: 100), packet)
    case ("subscribe", false):
        (known.wasAsked, known.granted) = (place, nil)
        if scene.streamKind == .client, known.foreignStory == nil {
            let subject = "the client, made by \(peer.shown(limit: 100)),"
            known.foreignStory = scene.stories.begin(.subscription, subject, packet)
        }
    case ("subscribed", true):
        known.granted = place
        settleForeign(&known, .succeeded, packet, &scene)
    case ("unsubscribed", true):
        settleForeign(&known, .failed(Cause(why: "the client refused", remedy: "")), packet, &scene)
        (known.wasAsked, known.granted) = (nil, nil)
    case ("subscribed", false):
        settleRequest(&known, peer, .succeeded, packet, &scene)
        known.wasGranted = place
    case ("unsubscribed", false):
        let cause = Cause(why: "the other side refused", remedy: "")
        settleRequest(&known, peer, .failed(cause), packet, &scene)
        (known.asked, known.askedID, known.wasGranted) = (nil, nil, nil)
    default: break
    }
    scene.note(known, peer)
}

private func settleForeign(_ known: inout Subscription, _ state: Story.State, _ packet: Packet, _ scene: inout Scene) {
    if let story = known.foreignStory { scene.stories.settle(story, state, packet) }
    known.foreignStory = nil
}

/// The client's request is answered. What was asked on another connection is told here too, for there it stays open.
private func settleRequest(
    _ known: inout Subscription,
    _ peer: String,
    _ state: Story.State,
    _ packet: Packet,
    _ scene: inout Scene
) {
    if let story = known.story {
        scene.stories.settle(story, state, packet)
    } else if let asked = known.asked, asked.connection != scene.connection, known.wasGranted == nil {
        let subject = "\(peer.shown(limit: 100)), made in \(asked.told(from: scene.connection)),"
        scene.stories.settle(scene.stories.begin(.subscription, subject, packet), state, packet)
    }
    known.story = nil
}

/// A request for a subscription that comes back (RFC 6121 section 3.1.3); nil for any other presence that does.
private func isRequest(_ presence: Element, of known: Subscription, _ packet: Packet, _ scene: Scene) -> Bool {
    scene.streamKind == .client && packet.direction == .serverToClient && known.story != nil
        && known.askedID == presence["id"] && presence["from"].map { JID($0).resource == nil } == true
}

func tellSubscriptionBounce(_ presence: Element, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    let peer = subscriptionKey(presence, false, scene)
    guard var known = scene.subscriptions[peer], isRequest(presence, of: known, packet, scene),
        let asked = known.asked, let error = StanzaError(of: presence)
    else { return nil }
    settleRequest(&known, peer, .failed(error.cause), packet, &scene)
    (known.asked, known.askedID) = (nil, nil)
    scene.note(known, peer)
    let name = scene.speaker(of: presence, in: packet).name
    let result = error.isOfDelivery ? "could not be delivered" : "failed"
    return Telling(
        "The request of \(asked.told(from: scene.connection)) to see when \(name) is online \(result): \(error.told).\(error.says)"
            .collapsingStops,
        error.findings
    )
}

extension FindingCode {
    static let subscriptionResource = warning(
        "presence.subscription.resource",
        "RFC 6121 section 3.1.1",
        "A subscription is between accounts, so its request must go to a bare address, without a resource."
    )
    static let subscriptionAddress = warning(
        "presence.subscription.address",
        "RFC 6121 section 3.1.1",
        "Presence that asks for a subscription, grants or ends one must be addressed to the other account. Without that the server can only refuse or ignore it."
    )
}
