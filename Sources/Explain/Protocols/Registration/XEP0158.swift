import XMPP

extension ProtocolEntry {
    /// Riddles against robots (XEP-0158): their answers are nobody's business.
    static let captcha: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0158", "CAPTCHA Forms", [NS.captcha])
        entry.secrets = [
            "ocr", "qa", "SHA-256", "audio_recog", "speech_q", "speech_recog", "picture_q", "picture_recog", "video_q",
            "video_recog",
        ].map { .field($0, in: nil) }
        entry.tells(tellCaptcha)
        return entry
    }()
}
