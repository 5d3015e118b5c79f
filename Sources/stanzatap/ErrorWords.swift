import Capture
import Certificates
import Filter
import Output
import Relay
import Replay
import Transcript
import XMPP

/// What went wrong, in words of ours whoever threw it: a clause without a full stop.
func told(_ error: any Error) -> String {
    switch error {
    case is Failure, is CaptureError, is CertificateProblem, is OutputError, is RelayError, is ReplayError,
        is TranscriptError, is DomainProblem, is FilterError:
        "\(error)"
    default: LibraryWords.told(error)
    }
}

/// Runs `body` and turns what it throws into a failure of the work.
func failing<Result>(_ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch {
        throw Failure(told(error))
    }
}

/// The same for work that waits.
func failing<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
        return try await body()
    } catch {
        throw Failure(told(error))
    }
}
