import XMLStream

/// Places in packets whose values say nothing about what a packet means: because they are new in every session, or because
/// they are there for people.
public struct VolatileValues: Sendable, Equatable {
    /// An attribute or the text of an element, told by names; nil stands for any.
    public struct Place: Sendable, Hashable {
        public let element: String?
        public let namespace: String?
        /// Nil for the text of the element.
        public let attribute: String?

        private init(_ element: String?, _ namespace: String?, _ attribute: String?) {
            self.element = element
            self.namespace = namespace
            self.attribute = attribute
        }

        /// The attribute of that name.
        public static func attribute(_ name: String, of element: String? = nil, in namespace: String? = nil) -> Place {
            Place(element, namespace, name)
        }

        /// The text of that element.
        public static func text(of element: String?, in namespace: String? = nil) -> Place {
            Place(element, namespace, nil)
        }
    }

    /// Values that a server or a client makes up anew in every session.
    public var madeUp: Set<Place>
    /// Texts for people; another wording is no other meaning.
    public var prose: Set<Place>

    public init(madeUp: Set<Place> = [], prose: Set<Place> = []) {
        self.madeUp = madeUp
        self.prose = prose
    }

    /// True if the attribute of that name is made up anew in every session.
    public func isMadeUp(attribute name: String, of element: Element) -> Bool {
        Self.contains(madeUp, element) { .attribute(name, of: $0, in: $1) }
    }

    /// True if the element's text is made up anew in every session.
    public func isMadeUp(textOf element: Element) -> Bool {
        Self.contains(madeUp, element) { .text(of: $0, in: $1) }
    }

    /// True if the element's text is there for people.
    public func isProse(textOf element: Element) -> Bool { Self.contains(prose, element) { .text(of: $0, in: $1) } }

    /// Looks for the place with and without the names that need not be told.
    private static func contains(
        _ places: Set<Place>,
        _ element: Element,
        _ place: (_ element: String?, _ namespace: String?) -> Place
    ) -> Bool {
        places.contains(place(element.name, element.namespace)) || places.contains(place(element.name, nil))
            || places.contains(place(nil, element.namespace)) || places.contains(place(nil, nil))
    }
}
