import Conversation

/// When the client's next packet may be sent.
struct Pace {
    enum Pause: Equatable {
        case seconds(Double)
        /// Until the user agrees.
        case user

        var seconds: Double {
            if case .seconds(let seconds) = self { seconds } else { 0 }
        }
    }

    /// True while a pause goes on.
    var isPausing = false
    /// The step before which the last pause was made.
    private var pausedBefore = -1
    /// Longer pauses than this are cut: nobody waits a night for a replay.
    private static let longest = 60.0

    /// The pause to be made before a step; nil if there is none, or it was made.
    mutating func pause(before index: Int, in steps: [RecordedConversation.Step], _ speed: ReplaySpeed) -> Pause? {
        guard pausedBefore != index else { return nil }
        pausedBefore = index
        let pause: Pause
        switch speed {
        case .maximum: return nil
        case .step: pause = .user
        case .recorded(let factor):
            guard index > 0, let time = steps[index].time, let before = steps[index - 1].time, time > before else {
                return nil
            }
            pause = .seconds(min(Self.longest, Double(time - before) / 1e9 / factor))
        }
        isPausing = true
        return pause
    }
}
