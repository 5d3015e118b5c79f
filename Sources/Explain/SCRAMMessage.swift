import FoundationEssentials
import XMPP

/// A message of SCRAM taken apart: `r=…,s=…,i=…` (RFC 5802 section 5.1).
struct SCRAMMessage {
    private var values: [UInt8: ArraySlice<UInt8>] = [:]
    /// The letters of the attributes, in order.
    private(set) var letters: [String] = []
    /// False if a part is not a letter with an equals sign, or a letter stands twice.
    private(set) var isWellFormed = true

    init(_ bytes: ArraySlice<UInt8>) {
        // No real message has nearly as many attributes; a hostile one shall not cost much.
        let parts = bytes.split(separator: UInt8(ascii: ","), maxSplits: 31, omittingEmptySubsequences: false)
        for part in parts {
            let letter = part.first ?? 0
            let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter | 0x20)
            guard isLetter, part.dropFirst().first == UInt8(ascii: "="), values[letter] == nil else {
                isWellFormed = false
                continue
            }
            values[letter] = part.dropFirst(2)
            letters.append(String(decoding: [letter], as: UTF8.self))
        }
    }

    subscript(letter: Unicode.Scalar) -> ArraySlice<UInt8>? { values[UInt8(ascii: letter)] }

    func text(_ letter: Unicode.Scalar) -> String? { self[letter].map { String(decoding: $0, as: UTF8.self) } }

    /// The value decoded from base64; nil if there is none, or it is not base64.
    func data(_ letter: Unicode.Scalar) -> [UInt8]? {
        self[letter].flatMap { Data(base64Encoded: Data($0)) }.map { Array($0) }
    }

    /// Attributes that are not among `known`.
    func others(than known: String) -> [String] { letters.filter { !known.contains($0) } }
}

/// The errors that a server can report in its last message, `e=` (RFC 5802 section 7).
enum SCRAMError: String, CaseIterable {
    case invalidEncoding = "invalid-encoding"
    case extensionsNotSupported = "extensions-not-supported"
    case invalidProof = "invalid-proof"
    case bindingsDontMatch = "channel-bindings-dont-match"
    case serverDoesSupportBinding = "server-does-support-channel-binding"
    case bindingNotSupported = "channel-binding-not-supported"
    case unsupportedBindingType = "unsupported-channel-binding-type"
    case unknownUser = "unknown-user"
    case invalidUsernameEncoding = "invalid-username-encoding"
    case noResources = "no-resources"
    case otherError = "other-error"

    /// What it means and what can be done.
    var cause: Cause {
        switch self {
        case .invalidEncoding: Cause(why: "a message was not encoded as it must be", remedy: "The client is at fault.")
        case .extensionsNotSupported:
            Cause(why: "the server does not know an extension that the client insists on", remedy: "")
        case .invalidProof: Cause(why: "the proof was wrong, so the password is", remedy: "Check the password.")
        case .bindingsDontMatch:
            Cause(
                why: "client and server see different TLS connections (channel binding)",
                remedy: "Something between them takes TLS apart; if not, switch channel binding off in the client."
            )
        case .serverDoesSupportBinding:
            Cause(
                why:
                    "the client said that the server offers no channel binding, but it does, which looks like an attack",
                remedy: "Something between them changed the list of mechanisms; if not, the client read it wrongly."
            )
        case .bindingNotSupported:
            Cause(
                why: "the client uses channel binding, which the server cannot do",
                remedy: "Switch channel binding off in the client."
            )
        case .unsupportedBindingType:
            Cause(
                why: "the client uses a type of channel binding that the server cannot do",
                remedy: "Choose another type, or switch channel binding off in the client."
            )
        case .unknownUser:
            Cause(why: "the server does not know the user", remedy: "Check the user name and the domain.")
        case .invalidUsernameEncoding:
            Cause(why: "the user name is not encoded as it must be", remedy: "Check the user name for odd characters.")
        case .noResources: Cause(why: "the server has no resources left", remedy: "Try again later.")
        case .otherError: Cause(why: "the server does not tell more", remedy: "Its log may.")
        }
    }

    /// True if the error is about channel binding.
    var isAboutBinding: Bool {
        switch self {
        case .bindingsDontMatch, .serverDoesSupportBinding, .bindingNotSupported, .unsupportedBindingType: true
        case .invalidEncoding, .extensionsNotSupported, .invalidProof, .unknownUser, .invalidUsernameEncoding,
            .noResources, .otherError:
            false
        }
    }
}
