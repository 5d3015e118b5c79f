import XMPP

/// One JSON object in the making, on a line of its own. Fields without a value are left out.
struct JSONObject {
    private var bytes: [UInt8]

    init(kind: StaticString, connection: Int, _ origin: LineOrigin, into output: inout [UInt8]) {
        // The output's own storage is used and given back, so that nothing is copied.
        bytes = output
        output = []
        append("{\"kind\":\"")
        append(kind)
        append("\",\"connection\":")
        bytes.append(decimal: connection)
        bytes.append(contentsOf: origin.fields)
    }

    mutating func end(into output: inout [UInt8]) {
        append("}\n")
        output = bytes
        bytes = []
    }

    mutating func add(_ key: Key, _ value: String?) {
        guard let value else { return }
        append(key.text)
        append(string: value)
    }

    mutating func add(_ key: Key, _ value: Int?) {
        guard let value else { return }
        append(key.text)
        bytes.append(decimal: value)
    }

    mutating func add(_ key: Key, seconds: Double?) {
        guard let seconds else { return }
        append(key.text)
        bytes.append(seconds: seconds, places: .microseconds)
    }

    /// - Parameter moment: nanoseconds since 1970.
    mutating func add(_ key: Key, moment: UInt64?) {
        guard let moment else { return }
        append(key.text)
        append("\"")
        UTCTime(nanoseconds: moment).appendRFC3339(to: &bytes)
        append("\"")
    }

    mutating func add(_ key: Key, bytes value: [UInt8]) {
        append(key.text)
        value.withUnsafeBufferPointer { bytes.append(jsonString: $0) }
    }

    /// A list even if there are none, so that readers need not ask.
    mutating func add(_ key: Key, _ findings: [Finding]) {
        append(key.text)
        append("[")
        for (index, finding) in findings.enumerated() {
            if index > 0 { append(",") }
            append("{")
            if !finding.code.isEmpty {
                append("\"code\":")
                append(string: finding.code)
                append(",")
            }
            switch finding.severity {
            case .warning: append("\"severity\":\"warning\"")
            case .note: append("\"severity\":\"note\"")
            }
            add(.text, finding.text)
            append("}")
        }
        append("]")
    }

    mutating func add(_ key: Key, _ step: StoryStep?) {
        guard let step else { return }
        append(key.text)
        beginStory(step.story, step.kind, step.subject, step.state)
        append("}")
    }

    mutating func add(_ key: Key, _ stories: [Story]) {
        append(key.text)
        append("[")
        for (index, story) in stories.enumerated() {
            if index > 0 { append(",") }
            beginStory(story.id, story.kind, story.subject, story.state)
            append(Key.packets.text)
            append("[")
            for (index, number) in story.packets.enumerated() {
                if index > 0 { append(",") }
                bytes.append(decimal: number)
            }
            append("]")
            if let outcome = story.outcome { add(.outcome, outcome) }
            add(.began, moment: story.began)
            add(.ended, moment: story.ended)
            append("}")
        }
        append("]")
    }

    mutating func add(_ key: Key, _ software: SoftwareFacts?) {
        guard let software else { return }
        append(key.text)
        append("{\"name\":")
        append(string: software.name)
        add(.by, software.grounds.rawValue)
        append("}")
    }

    mutating func add(_ key: Key, _ roles: Roles?) {
        guard let roles else { return }
        append(key.text)
        append("{\"speaker\":\"")
        append(Self.name(roles.speaker))
        append("\",\"addressee\":\"")
        append(Self.name(roles.addressee))
        append("\"}")
    }

    /// What is the same in a story and in a step of it; the object stays open.
    private mutating func beginStory(_ id: Int, _ kind: Story.Kind, _ subject: String, _ state: Story.State) {
        append("{\"id\":")
        bytes.append(decimal: id)
        add(.kind, kind.rawValue)
        add(.subject, subject)
        switch state {
        case .open: add(.state, "open")
        case .succeeded: add(.state, "succeeded")
        case .abandoned: add(.state, "abandoned")
        case .failed(let cause):
            add(.state, "failed")
            add(.why, cause.why)
            if !cause.remedy.isEmpty { add(.remedy, cause.remedy) }
        }
    }

    /// The raw value, without a string being made of it for every packet.
    private static func name(_ role: Role) -> StaticString {
        switch role {
        case .client: "client"
        case .server: "server"
        case .ownSession: "own-session"
        case .contact: "contact"
        case .room: "room"
        case .occupant: "occupant"
        case .service: "service"
        case .component: "component"
        case .peerServer: "peer-server"
        }
    }

    private mutating func append(string value: String) {
        // Where it lies, if it lies in one piece, as all of Swift's own do.
        guard value.utf8.withContiguousStorageIfAvailable({ bytes.append(jsonString: $0) }) == nil else { return }
        Array(value.utf8).withUnsafeBufferPointer { bytes.append(jsonString: $0) }
    }

    private mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
