import Session
import XMPP

/// The stories of one connection: which are open, by the request they began with, and how the others ended.
struct StoryBook {
    /// A story with what only the summary wants to know of it.
    struct Entry {
        var story: Story
        /// Why it will probably fail, told before it ends.
        var suspicion: Cause?
        /// A sentence that says better than its state what became of it.
        var remark: String?
        /// True if the server refused because it wants more first, so that the next attempt goes on with this story.
        var wantsMore = false
    }

    /// Stories that are kept; beyond that, single requests that are over are forgotten, then the oldest ones.
    private static let limit = 2048

    private(set) var entries: [Entry] = []
    private var index: [Int: Int] = [:]
    /// The story of each open request, by the request's number.
    private var ofRequest: [Int: Int] = [:]
    private var nextID = 1
    /// The story that the present packet is a step of.
    private var touched: Int?

    subscript(id: Int) -> Entry? { index[id].map { entries[$0] } }

    /// The stories in the order in which they began.
    var all: [Story] { entries.map(\.story) }

    // MARK: Telling

    /// A story begins with that packet.
    ///
    /// - Parameter isRequest: true if the answer to that packet settles it.
    mutating func begin(_ kind: Story.Kind, _ subject: String, _ packet: Packet, isRequest: Bool = false) -> Int {
        let id = nextID
        nextID += 1
        if entries.count >= Self.limit { makeRoom() }
        index[id] = entries.count
        entries.append(Entry(story: Story(id: id, kind: kind, subject: subject, began: packet.time)))
        goOn(id, packet, isRequest: isRequest)
        return id
    }

    /// That packet is another step of the story.
    mutating func goOn(_ id: Int, _ packet: Packet, isRequest: Bool = false) {
        change(id) { $0.story.add(packet: packet.number, time: packet.time) }
        if isRequest { ofRequest[packet.number] = id }
        touched = id
    }

    /// The story ends with that packet.
    mutating func settle(_ id: Int, _ state: Story.State, _ packet: Packet) {
        change(id) {
            $0.story.state = state
            $0.story.add(packet: packet.number, time: packet.time)
        }
        touched = id
    }

    mutating func change(_ id: Int, _ body: (inout Entry) -> Void) {
        guard let place = index[id] else { return }
        body(&entries[place])
    }

    /// The story that the request of this answer is a step of; it is asked for once.
    mutating func take(request: Request?) -> Int? { request.flatMap { ofRequest.removeValue(forKey: $0.number) } }

    /// The story of the request that has that packet's number, if it awaits an answer.
    func story(ofPacket number: Int) -> Int? { ofRequest[number] }

    /// True for a single request that awaits its answer.
    func isOpenRequest(_ id: Int) -> Bool {
        guard let place = index[id] else { return false }
        return entries[place].story.kind == .request && entries[place].story.state == .open
    }

    /// What the present packet is a step of; told once.
    mutating func takeStep() -> StoryStep? {
        defer { touched = nil }
        guard let touched, let place = index[touched] else { return nil }
        return StoryStep(entries[place].story)
    }

    // MARK: Room

    private mutating func makeRoom() {
        let isForgettable = { (entry: Entry) in entry.story.kind == .request && entry.story.state != .open }
        entries.removeAll(where: isForgettable)
        if entries.count >= Self.limit { entries.removeFirst(Self.limit / 4) }
        index = [:]
        for (place, entry) in entries.enumerated() { index[entry.story.id] = place }
        ofRequest = ofRequest.filter { index[$0.value] != nil }
    }
}
