import CFuzzer
import Glibc

/// What is fuzzed, by the name that `tools/fuzz` gives in STANZATAP_FUZZ.
let targets: [String: @Sendable ([UInt8]) -> Void] = [
    "stream": fuzzStream,
    "transcript": fuzzTranscript,
    "scansion": fuzzScansion,
    "reassembly": fuzzReassembly,
    "pcapng": fuzzCapture,
    "formats": fuzzFormats,
    "redact": fuzzRedaction,
    "event": fuzzEvent,
    "proxy": fuzzProxyHeader,
    "hello": fuzzHello,
]

let name = getenv("STANZATAP_FUZZ").map { String(cString: $0) } ?? ""
guard let target = targets[name] else {
    let complaint = "fuzz: STANZATAP_FUZZ must be one of \(targets.keys.sorted().joined(separator: ", "))\n"
    _ = write(2, complaint, complaint.utf8.count)
    exit(2)
}
/// A C function can use globals, but not what a guard statement has bound.
let chosen = target

var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
exit(
    LLVMFuzzerRunDriver(&count, &arguments) { bytes, size in
        chosen(Array(UnsafeBufferPointer(start: bytes, count: size)))
        return 0
    }
)
