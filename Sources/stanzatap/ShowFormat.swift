import ArgumentParser

/// What `show` writes.
enum ShowFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case jsonl
    /// For Wireshark: one packet a record, our sentence as its comment.
    case pcapng
    /// A ladder as a web page, a picture, plain text.
    case html
    case svg
    case ladder
    /// A script of scansion, Prosody's test tool.
    case scs
}
