import Foundation
import TestKit
import Testing

/// What a transcript has to say of an evening, in the words that matter.
private let sentences = [
    // Subscription and presence.
    "bela@jabber.test asks the client for permission to see when the client is online",
    "The request to see bela@jabber.test succeeded",
    // Chat.
    "A chat message from bela@jabber.test/home: \"Good evening, Anna\"",
    // With the resource, if Bela's presence came before.
    ": \"Good evening, Bela\"",
    // The room.
    "Entering the room lounge@conference.jabber.test succeeded",
    "A message to everyone in the room lounge@conference.jabber.test: \"Here I am\"",
    "\"Where do we go tonight?\"",
    // Copies for the other session.
    "A copy of what another device of the account sent: the same account's session \"phone\" wrote to bela@jabber.test: \"I am on the train now\"",
    "A copy of what another device of the account received: bela@jabber.test/home wrote to the same account's session \"phone\": \"Have a good journey\"",
    // The upload and the archive.
    "Asking for a place to upload \"station.jpg\" succeeded",
    "The query of the account's archive succeeded",
    // The tunnel.
    "The client asks to resume the earlier session",
    "The server resumes the earlier session",
    "\"Was that a tunnel?\"",
]

/// What prosody alone sends in this order of things; profanity asks for moods and nothing else.
private let personalEvents = ["prosody": ["The mood of bela@jabber.test is now: happy"]]

/// What stands in the warnings that are true of these programs.
private let known = [
    // profanity answers for an older hash with what it can do by now, and says something behind its end.
    "the hash of this answer is not the",
    "the client has closed its stream already",
    // prosody asks each client for the capabilities of several presences with the id "disco".
    "which is not answered yet, has the same id",
    // slixmpp at a server whose -PLUS stanzatap took out.
    "the client could bind its login but saw no mechanism for it",
]

@Suite(.serialized, .enabled(if: hasPeers, "real servers and clients are not installed: tools/setup --tests"))
struct EveningTests {
    @Test(
        "an evening of profanity and slixmpp is told, with nothing to warn of that is not known",
        .timeLimit(.minutes(2)),
        arguments: ["prosody", "ejabberd"]
    )
    func evening(at name: String) throws {
        let server = try Server(name, mode: "required", options: ["--services"])
        let recorder = try Recorder(server, options: ["--domain", server.domain])
        let folder = try TemporaryFolder()
        let result = try run(
            checkout + "/tools/evening/act",
            ["profanity", "--port", "\(recorder.port)", "--server-port", "\(server.port)", "--ca", recorder.ca]
                + ["--server-ca", try #require(server.ca), "--folder", folder.path],
            seconds: 60
        )
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(recorder.stop() == 0)
        let told = try recorder.show().output
        for sentence in sentences + (personalEvents[name] ?? []) { #expect(told.contains(sentence), "\(sentence)") }
        let warnings = told.split(separator: "\n").filter { $0.hasPrefix("Warning: ") }.map { $0.dropFirst(9) }
        for warning in warnings {
            #expect(known.contains { warning.contains($0) }, "\(warning)")
        }
    }
}
