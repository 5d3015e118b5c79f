import SASL
import XMPP

/// A login that is going on: its mechanism, and what its messages have told so far.
struct Login {
    /// The mechanism's name as the client gave it.
    let name: String
    /// Its story.
    let story: Int
    /// The packet it began with.
    var number = 0
    var isSASL2 = false
    var explainer: any MechanismExplainer
    /// Challenges so far.
    var rounds = 0
    var binding: ChannelBinding?
    /// Set if the server's hash of its offers will make the client give up.
    var hashSuspicion: Cause?
    /// The error that the mechanism itself reported.
    var reported: Cause?
    /// What was plainly wrong with the client's messages, so that the server must refuse.
    var fault: Cause?
    var blamesBinding = false
    var isAborted = false
    var hadMalformedData = false

    init(name: String, story: Int) {
        self.name = name
        self.story = story
        explainer = mechanismExplainer(name)
    }

    var shownName: String { name.isEmpty ? "an unnamed mechanism" : name.shown(limit: 40) }
}
