import XMPP

/// Where a value stands in a packet, by names: a text or an attribute of an element, or a field of a form (XEP-0004).
public struct ValuePlace: Sendable, Hashable {
    /// What of the element holds the value.
    public enum Slot: Sendable, Hashable {
        case text
        case attribute(String)
        /// The value of the form field of that `var`, in a form that stands inside of the element.
        case field(String)
        /// Any text inside of the element, at any depth.
        case everything
    }

    /// Nil for any namespace.
    public let namespace: String?
    /// The local name of the element; nil for any of the namespace.
    public let element: String?
    public let slot: Slot

    /// The text of an element.
    public static func text(_ element: String?, _ namespace: String?) -> ValuePlace {
        ValuePlace(namespace: namespace, element: element, slot: .text)
    }

    /// An attribute of an element.
    public static func attribute(_ name: String, of element: String?, _ namespace: String?) -> ValuePlace {
        ValuePlace(namespace: namespace, element: element, slot: .attribute(name))
    }

    /// A field of the form inside of an element of that namespace; nil for any form.
    public static func field(_ name: String, in namespace: String?) -> ValuePlace {
        ValuePlace(namespace: namespace, element: nil, slot: .field(name))
    }

    /// All texts inside of an element.
    public static func everything(in element: String?, _ namespace: String) -> ValuePlace {
        ValuePlace(namespace: namespace, element: element, slot: .everything)
    }
}
