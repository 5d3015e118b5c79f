import Explain
import XMLStream

/// Places in packets whose values say nothing about what a packet means: because they are new in every session, or because
/// they are there for people.
public struct VolatileValues: Sendable, Equatable {
    /// Values that a server or a client makes up anew in every session.
    public var madeUp: Set<ValuePlace>
    /// Texts for people; another wording is no other meaning.
    public var prose: Set<ValuePlace>

    public init(madeUp: Set<ValuePlace> = [], prose: Set<ValuePlace> = []) {
        self.madeUp = madeUp
        self.prose = prose
    }

    /// True if the attribute of that name is made up anew in every session.
    public func isMadeUp(attribute name: String, of element: Element) -> Bool {
        Self.contains(madeUp, element) { .attribute(name, of: $0, $1) }
    }

    /// True if the element's text is made up anew in every session.
    public func isMadeUp(textOf element: Element) -> Bool { Self.contains(madeUp, element) { .text($0, $1) } }

    /// True if the element's text is there for people.
    public func isProse(textOf element: Element) -> Bool { Self.contains(prose, element) { .text($0, $1) } }

    /// Looks for the place with and without the names that need not be told.
    private static func contains(
        _ places: Set<ValuePlace>,
        _ element: Element,
        _ place: (_ element: String?, _ namespace: String?) -> ValuePlace
    ) -> Bool {
        places.contains(place(element.name, element.namespace)) || places.contains(place(element.name, nil))
            || places.contains(place(nil, element.namespace)) || places.contains(place(nil, nil))
    }
}
