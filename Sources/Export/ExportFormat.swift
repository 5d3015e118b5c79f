/// What `show` can write besides text and JSON Lines.
public enum ExportFormat: String, Sendable, CaseIterable {
    case html
    case svg
    case ladder
    case pcapng
}
