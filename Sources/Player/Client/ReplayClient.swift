import Capture
import Conversation
import NIOCore
import NIOPosix
import Replay

/// Runs a recording as the client against a live server.
public struct ReplayClient: Sendable {
    public let conversation: RecordedConversation
    /// What is wanted otherwise than recorded; see `ReplaySettings`.
    public let values: ValueMap
    public let options: ClientReplayOptions
    public let target: ReplayTarget

    public init(
        _ conversation: RecordedConversation,
        values: ValueMap,
        options: ClientReplayOptions,
        target: ReplayTarget
    ) {
        self.conversation = conversation
        self.values = values
        self.options = options
        self.target = target
    }

    /// Runs the replay to its end; when the task is cancelled, what is open is closed and the summary tells of it.
    ///
    /// - Parameters:
    ///   - capture: gets everything that is said, and the differences.
    ///   - program: what records, for example `stanzatap 0.1.0`.
    ///   - askUser: returns when the packet that is described shall be sent; called with `ReplaySpeed.step` only.
    ///   - report: gets what became of single steps, when it is known; only if the options ask for it.
    /// - Throws: `CaptureError` if the replay cannot be recorded.
    public func run(
        capture: CaptureFile,
        program: String,
        askUser: @escaping @Sendable (String) async -> Void,
        report: @escaping @Sendable ([ReplayedCase]) -> Void = { _ in }
    ) async throws -> ReplaySummary {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { group.shutdownGracefully { _ in } }
        let loop = group.next()
        let result = loop.makePromise(of: ReplaySummary.self)
        let box = NIOLoopBoundBox<ReplayDriver?>.makeEmptyBox(valueType: ReplayDriver.self, eventLoop: loop)
        loop.execute {
            let driver = ReplayDriver(
                replay: ClientReplay(conversation, values: values, options: options),
                target: target,
                capture: capture,
                program: program,
                loop: loop,
                result: result,
                askUser: askUser,
                report: report
            )
            box.value = driver
            driver.start()
        }
        return try await withTaskCancellationHandler {
            try await result.futureResult.get()
        } onCancel: {
            loop.execute { box.value?.interrupt() }
        }
    }
}
