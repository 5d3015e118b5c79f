import Session
import XMLStream
import XMPP

/// What the children of a message say, gathered before it is told: each protocol adds its part, and the sentences are made of all.
struct MessageParts {
    let message: Element
    let packet: Packet
    let frame: MessageFrame
    /// How many messages this one stands in.
    let depth: Int

    /// Sentences that tell all of it; nothing else but remarks is said then.
    var whole: String?
    var deeds: [Deed] = []
    var encryption: Encryption?
    /// True if the text is only for programs that do not know what the message really is.
    var isStopgap = false
    /// True if what is told already says the text, as a link does.
    var isTextTold = false
    /// Parts of the text that are only for such programs, in code points (XEP-0426).
    var cuts: [Range<Int>] = []
    /// Sentences to stand behind.
    var remarks: [String] = []
    var wantsDelivery = false
    var wantsReading = false
    /// Children that nobody has words for.
    var others: [Element] = []
    var findings: [Finding] = []

    init(_ message: Element, _ frame: MessageFrame, _ packet: Packet, depth: Int) {
        self.message = message
        self.frame = frame
        self.packet = packet
        self.depth = depth
    }

    /// Something that is done or said by a message beside its text.
    struct Deed {
        /// Of several the lowest is told first.
        var rank: Int
        /// `reacts to the message of 013 with 👍`.
        var verb: String
        /// True for what somebody says of themselves: `is typing`, which the other one is told.
        var isClaim = false
        /// What joins the text to it: `; it now reads`; nil if the text stands for itself.
        var glue: String?
        /// What comes behind the place, with what separates it.
        var tail = ""
        /// What it is called, for the brackets at the end.
        var label = ""
        /// Who does it, at the beginning of a sentence, if that is not who sends the message.
        var subject: String?
        /// The specification to name.
        var reference = ""
    }

    /// How the content is hidden, and from whom.
    struct Encryption {
        /// `OMEMO`.
        var name: String
        /// What stands behind it: `, from device 1 for device 2`.
        var detail = ""
        /// Sentences behind that.
        var sentences = ""
        /// False if only keys are carried.
        var hasContent = true
        var reference = ""
    }

    /// A message that is meant by its id, for the middle of a sentence: `the message of 013`.
    func meant(_ id: String?, _ scene: Scene) -> String {
        guard let id, !id.isEmpty else { return "an earlier message, but does not say which" }
        guard let entry = scene.messages.find(id, in: frame.conversation), entry.packet != packet.number else {
            return "the message with the id \(id.shown(limit: 60))"
        }
        return "the \(entry.isCorrection ? "corrected " : "")message of \(padded(entry.packet))"
    }

    /// The same, of one that is the speaker's own.
    func meantOwn(_ id: String?, _ scene: Scene) -> String {
        guard let id, !id.isEmpty else { return "an earlier message, but does not say which" }
        guard let entry = scene.messages.find(id, in: frame.conversation, by: frame.author),
            entry.packet != packet.number
        else {
            return "its earlier message with the id \(id.shown(limit: 60))"
        }
        let corrected = entry.correctedBy.flatMap { $0 < packet.number ? " (corrected in \(padded($0)))" : nil } ?? ""
        let whose = isForeign(entry) ? "the" : "its"
        return "\(whose) message of \(padded(entry.packet))\(corrected)"
    }

    /// True if somebody else wrote it, for certain. In rooms nobody can know: a nickname changes hands.
    func isForeign(_ entry: MessageMemory.Entry) -> Bool {
        message["type"] != "groupchat" && message.child("x", NS.mucUser) == nil && depth == 0
            && !entry.author.isEmpty && !frame.author.isEmpty && entry.author != frame.author
    }

    /// The entry of a message that somebody else wrote, where only its author may do what this message does.
    func foreign(_ id: String?, _ scene: Scene) -> MessageMemory.Entry? {
        scene.messages.find(id, in: frame.conversation, by: frame.author).flatMap { isForeign($0) ? $0 : nil }
    }
}
