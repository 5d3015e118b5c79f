import FoundationEssentials

/// Which recording a capture belongs to, and the how manieth of its files it is: written in the comments of its section
/// header, so that the files of a recording are found again whatever they are called.
public struct RecordingPart: Sendable, Equatable {
    /// Made up when the recording began, 16 hexadecimal digits; in a file of others it can be any text.
    public let recording: String
    /// Counted from 1.
    public let number: Int

    /// - Parameter number: counted from 1.
    public init(recording: String, number: Int) {
        self.recording = recording
        self.number = number
    }

    /// The first file of a recording that begins now.
    static func first() -> RecordingPart {
        let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
        return RecordingPart(recording: String(repeating: "0", count: 16 - digits.count) + digits, number: 1)
    }

    /// The file after this one.
    var next: RecordingPart { RecordingPart(recording: recording, number: number + 1) }

    /// For people, and for our reader.
    var comments: [String] {
        [
            "File \(number) of the recording \(recording).",
            "\(CaptureEvent.prefix),\"event\":\"file\",\"number\":\(number),\"recording\":\"\(recording)\"}",
        ]
    }

    private struct Wire: Decodable {
        let stanzatap: Int
        let event: String
        let number: Int
        let recording: String
    }

    /// Reads a comment of a section header; nil if it is something else.
    public init?(comment: String) {
        guard comment.hasPrefix("{\"stanzatap\":"),
            let wire = try? JSONDecoder().decode(Wire.self, from: Data(comment.utf8)),
            wire.stanzatap <= CaptureEvent.formatVersion, wire.event == "file", wire.number > 0
        else { return nil }
        self.init(recording: wire.recording, number: wire.number)
    }
}
