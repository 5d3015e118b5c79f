import Capture
import NIOPosix

/// What all connections of one relay share.
struct RelayEnvironment: Sendable {
    let configuration: RelayConfiguration
    let capture: CaptureFile
    let registry: ConnectionRegistry
    let queues: CommitQueues
    let nameService: NameService
    let counters: RelayCounters
    let log: LimitedLog
    /// Nil if TLS is passed on untouched.
    let tls: TLSContexts?
}
