import Session
import XMLStream
import XMPP

/// A riddle that somebody has to solve before a stanza of theirs gets through, and what became of it (XEP-0158).
func tellCaptcha(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    switch exchange.turn {
    case .message:
        guard exchange.element.name == "captcha" else { return nil }
        return Telling(challenge(exchange) + scene.cite("XEP-0158") + ".")
    case .set, .get:
        let form = FormWords(in: exchange.element)
        let given = form.map { answers($0) } ?? 0
        let what = given == 0 ? "gives no answer to the CAPTCHA" : "answers the CAPTCHA"
        let which = form?.value("challenge").map { " \($0.shown(limit: 60))" } ?? ""
        return Telling("\(exchange.who) \(what)\(which) of \(exchange.whom)\(scene.cite("XEP-0158")).")
    case .result:
        guard exchange.asked != nil else { return nil }
        return Telling(
            "\(exchange.who) accepts the answer: the CAPTCHA is solved, and the stanza that it was about goes through."
        )
    case .refusal(let error):
        switch error.known {
        case .notAcceptable?:
            return exchange.refused("the answer to the CAPTCHA", error, why: "it is wrong (\(error.name))")
        case .serviceUnavailable?, .itemNotFound?:
            return exchange.refused(
                "the answer to the CAPTCHA",
                error,
                why: "it does not know it, or it has expired or was used already (\(error.name))"
            )
        default: return exchange.refused("the answer to the CAPTCHA", error)
        }
    case .presence: return nil
    }
}

private let kinds = [
    "ocr": "to read a text in a picture", "qa": "to answer a question", "SHA-256": "to compute a hash",
    "audio_recog": "to recognize a sound", "speech_q": "to answer a spoken question",
    "speech_recog": "to write down a spoken text", "picture_q": "to answer a question about a picture",
    "picture_recog": "to recognize a picture", "video_q": "to answer a question about a film",
    "video_recog": "to recognize a film",
]

private func fields(_ captcha: Element) -> [Element] {
    (captcha.child("x", NS.dataForms)?.children ?? []).filter { $0.name == "field" }
}

private func answers(_ form: FormWords) -> Int { kinds.keys.count { form.value($0) != nil } }

private func challenge(_ exchange: Exchange) -> String {
    let riddles = fields(exchange.element).compactMap { field in field["var"].flatMap { kinds[$0] } }
    let form = FormWords(in: exchange.element)
    let about = form?.value("sid").map { " before the stanza \($0.shown(limit: 60)) goes through" } ?? ""
    let how = riddles.isEmpty ? "" : ": \(riddles.count > 4 ? Say.some(riddles) : riddles.listed("or"))"
    return "\(exchange.who) wants \(exchange.whom) to prove to be a human being\(about), by a CAPTCHA\(how)"
}
