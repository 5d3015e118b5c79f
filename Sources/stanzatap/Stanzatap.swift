import ArgumentParser
import Glibc

/// What stanzatap calls itself in captures and transcripts.
let program = "stanzatap 0.2.0"

@main
struct Stanzatap: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stanzatap",
        abstract: "A recording man-in-the-middle proxy for XMPP.",
        discussion: """
            Point a client at localhost:5222. stanzatap relays it to its real server, byte for byte, records both directions, \
            and tells in plain sentences what each packet does.

            Examples:
              stanzatap record                            find each client's server by the DNS
              stanzatap record --upstream localhost:5223  relay to that server
              stanzatap show                              the transcript of what was recorded last
              stanzatap lint captures                     what is wrong in recordings, a line each
              stanzatap replay captures/NAME.pcapng --as client --to localhost
                                                          do again what the client did
              stanzatap compare A.pcapng B.pcapng         what is different between two recordings
              stanzatap redact captures/NAME.pcapng       a copy without passwords, to be shown around
              stanzatap doctor                            what is missing for that on this machine
              stanzatap ca trust-help                     how clients come to trust stanzatap's certificates
              stanzatap help filter                       the language of --filter

            Exit status: 0 done, 1 the work failed, 2 the call was wrong.
            """,
        version: program,
        subcommands: [
            Record.self, Show.self, Lint.self, Compare.self, Replay.self, Sniff.self, Redact.self, CA.self, Doctor.self,
            Config.self,
        ]
    )

    static func main() async {
        if FilterHelp.isAskedFor(Array(CommandLine.arguments.dropFirst())) {
            // The result, as other help is.
            print(FilterHelp.text)
            Glibc.exit(0)
        }
        if let wrong = WrongCall.ofSubcommand(Array(CommandLine.arguments.dropFirst()), in: Stanzatap.self) {
            end(wrongCall: wrong)
        }
        let command: any ParsableCommand
        do {
            command = try ConfiguredCall.parse(Array(CommandLine.arguments.dropFirst()))
        } catch let failure as Failure {
            end(with: failure)
        } catch {
            leave(with: error)
        }
        await run(command)
    }

    private static func run(_ parsed: any ParsableCommand) async {
        var command = parsed
        do {
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            endProgram(0)
        } catch let failure as Failure {
            end(with: failure)
        } catch let error as ValidationError {
            end(wrongCall: WrongCall.text(error.message, of: type(of: command)))
        } catch {
            leave(with: error)
        }
    }

    private static func end(with failure: Failure) -> Never {
        if !failure.description.isEmpty { report("\(failure)") }
        endProgram(failure.status)
    }

    private static func end(wrongCall text: String) -> Never {
        ErrorLines.shared.write(text + "\n")
        endProgram(2)
    }

    /// Shows help on standard output and what was wrong with the call on standard error; a wrong call ends with status 2.
    private static func leave(with error: any Error) -> Never {
        let code = exitCode(for: error)
        let message = fullMessage(for: error)
        if code.isSuccess {
            // Help and version are the result here, so they belong on standard output, by print, for nothing else was written to it.
            if !message.isEmpty { print(message) }
            Glibc.exit(0)
        }
        if !message.isEmpty { ErrorLines.shared.write(WrongCall.completed(message) + "\n") }
        endProgram(code == .validationFailure ? 2 : code.rawValue)
    }
}

/// The work failed: told in one line (none if all is said), status 1 unless a command says otherwise.
struct Failure: Error, CustomStringConvertible {
    let description: String
    let status: Int32

    init(_ description: String, status: Int32 = 1) {
        self.description = description
        self.status = status
    }
}
