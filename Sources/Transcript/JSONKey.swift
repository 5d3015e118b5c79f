extension JSONObject {
    /// The name of a field as it stands in the line, with all that goes around it: one piece, for each is written again for
    /// every packet.
    struct Key {
        let text: StaticString

        private init(_ text: StaticString) { self.text = text }

        static var answers: Key { Key(",\"answers\":") }
        static var began: Key { Key(",\"began\":") }
        static var bytes: Key { Key(",\"bytes\":") }
        static var by: Key { Key(",\"by\":") }
        static var client: Key { Key(",\"client\":") }
        static var clientSoftware: Key { Key(",\"clientSoftware\":") }
        static var delay: Key { Key(",\"delay\":") }
        static var direction: Key { Key(",\"direction\":") }
        static var domain: Key { Key(",\"domain\":") }
        static var ended: Key { Key(",\"ended\":") }
        static var event: Key { Key(",\"event\":") }
        static var explanation: Key { Key(",\"explanation\":") }
        static var file: Key { Key(",\"file\":") }
        static var findings: Key { Key(",\"findings\":") }
        static var from: Key { Key(",\"from\":") }
        static var id: Key { Key(",\"id\":") }
        static var kind: Key { Key(",\"kind\":") }
        static var name: Key { Key(",\"name\":") }
        static var namespace: Key { Key(",\"namespace\":") }
        static var number: Key { Key(",\"number\":") }
        static var offset: Key { Key(",\"offset\":") }
        static var omitted: Key { Key(",\"omitted\":") }
        static var outcome: Key { Key(",\"outcome\":") }
        static var packets: Key { Key(",\"packets\":") }
        static var program: Key { Key(",\"program\":") }
        static var recorder: Key { Key(",\"recorder\":") }
        static var remedy: Key { Key(",\"remedy\":") }
        static var replacement: Key { Key(",\"replacement\":") }
        static var replacementOmitted: Key { Key(",\"replacementOmitted\":") }
        static var roles: Key { Key(",\"roles\":") }
        static var sentBy: Key { Key(",\"sentBy\":") }
        static var server: Key { Key(",\"server\":") }
        static var serverSoftware: Key { Key(",\"serverSoftware\":") }
        static var state: Key { Key(",\"state\":") }
        static var stories: Key { Key(",\"stories\":") }
        static var story: Key { Key(",\"story\":") }
        static var subject: Key { Key(",\"subject\":") }
        static var text: Key { Key(",\"text\":") }
        static var time: Key { Key(",\"time\":") }
        static var to: Key { Key(",\"to\":") }
        static var type: Key { Key(",\"type\":") }
        static var version: Key { Key(",\"version\":") }
        static var why: Key { Key(",\"why\":") }
        static var xml: Key { Key(",\"xml\":") }
    }
}
