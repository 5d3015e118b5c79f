import XMPP

/// Why a text is no filter.
public struct FilterError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where, in characters from 0; nil for all of it.
    public let position: Int?
    /// A clause without a full stop.
    public let reason: String

    init(_ reason: String, at position: Int? = nil) {
        self.position = position
        self.reason = reason
    }

    /// The same, where no place was known.
    func at(_ start: Int) -> FilterError { FilterError(reason, at: position ?? start) }

    /// Columns are counted from 1.
    public var description: String { (position.map { "column \($0 + 1): " } ?? "") + reason }

    /// With a second line that shows the expression and a third one that points to the place.
    public func pointed(in expression: String) -> String {
        guard let position else { return description }
        let characters = Array(expression)
        let start = max(0, min(position, characters.count) - 50)
        let before = String(characters[start..<min(position, characters.count)]).shown(limit: .max)
        let after = String(characters[min(position, characters.count)...].prefix(50)).shown(limit: .max)
        let cut = start > 0 ? "…" : ""
        let blanks = String(repeating: " ", count: cut.count + before.count)
        return "\(description)\n    \(cut)\(before)\(after)\n    \(blanks)^"
    }
}
