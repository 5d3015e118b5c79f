/// What is wrong where bytes stop being XML as XMPP allows it, in our words (XML 1.0, fifth edition; RFC 6120 section 11).
///
/// Names stand in a reason as they were written: they are the peer's, so whoever shows them escapes them.
struct XMLFault: Error, Equatable {
    let error: StreamError

    init(_ reason: String, _ condition: StreamError.Condition = .notWellFormed) {
        error = StreamError(condition, reason)
    }
}

// MARK: Text and references

extension XMLFault {
    static let ampersand = XMLFault("a bare & that begins no reference; in XML it is written &amp;")
    static let unknownEntity = XMLFault(
        "a reference to an entity that XMPP does not know: it has &amp; &lt; &gt; &apos; &quot; only"
            + " (RFC 6120 section 11.1)",
        .restrictedXML
    )
    static let brokenReference = XMLFault(
        "a broken character reference: it is written &#, decimal digits and ;, or &#x, hexadecimal digits and ;"
    )
    static let endOfCharacterData = XMLFault("]]> stands in a text, where > has to be written &gt; behind ]]")

    static func missingSemicolon(_ name: String) -> XMLFault { XMLFault("the reference &\(name) lacks its ;") }

    /// - Parameter value: nil for a number that is greater than any that Unicode has.
    static func reference(to value: UInt32?) -> XMLFault {
        XMLFault("a reference to \(value.map(codePoint) ?? "a number beyond Unicode"), which is no character of XML")
    }

    static func character(_ value: UInt32) -> XMLFault {
        let what = value < 0x20 ? "the control character \(codePoint(value))" : codePoint(value)
        return XMLFault("\(what), which may not stand in XML")
    }

    static func bareLessThan(before next: UInt32) -> XMLFault {
        XMLFault("a bare < before \(sign(next)), with which no tag begins; in a text < is written &lt;")
    }
}

// MARK: Tags

extension XMLFault {
    static let endTagWithoutName = XMLFault("an end tag without a name")

    static func tagInTag(_ tag: String) -> XMLFault {
        XMLFault("a tag begins inside the tag <\(cut(tag)), which lacks its >")
    }

    static func stray(_ value: UInt32, in tag: String) -> XMLFault {
        XMLFault("\(sign(value)) stands inside the tag <\(cut(tag))>, where it may not")
    }

    static func stray(_ value: UInt32, inEndTag tag: String) -> XMLFault {
        XMLFault("\(sign(value)) stands inside the end tag </\(cut(tag))>, which may hold its name only")
    }

    static func slash(in tag: String) -> XMLFault { XMLFault("a / stands in the middle of the tag <\(cut(tag))>") }

    static func withoutValue(_ attribute: String, of tag: String) -> XMLFault {
        XMLFault("the attribute \(cut(attribute)) of <\(cut(tag))> has no value")
    }

    static func withoutQuotes(_ attribute: String, of tag: String) -> XMLFault {
        XMLFault("the value of the attribute \(cut(attribute)) of <\(cut(tag))> does not stand in quotes")
    }

    static func twice(_ attribute: String, of tag: String) -> XMLFault {
        XMLFault("the attribute \(cut(attribute)) stands in <\(cut(tag))> twice")
    }

    static func withoutBlank(_ attribute: String, of tag: String) -> XMLFault {
        XMLFault("no blank stands before \(cut(attribute)) in the tag <\(cut(tag))>, or a quote is missing before it")
    }

    static func lessThan(inValueOf attribute: String) -> XMLFault {
        XMLFault(
            "a < stands in the value of the attribute \(cut(attribute)), where it is written &lt;,"
                + " or a quote is missing before it"
        )
    }

    static func mismatched(_ tag: String, open: String) -> XMLFault {
        XMLFault("the end tag </\(cut(tag))> stands where <\(cut(open))> is open")
    }

    static func closesNothing(_ tag: String) -> XMLFault {
        XMLFault("the end tag </\(cut(tag))> closes nothing that is open")
    }
}

// MARK: What is neither text nor tag

extension XMLFault {
    static let hyphensInComment = XMLFault("-- inside a comment; besides, RFC 6120 section 11.1 forbids comments")
    static let halfComment = XMLFault("<!- begins nothing; a comment begins with <!--, and XMPP allows none")
    static let noCharacterData = XMLFault("<![ begins a section that is no CDATA")
    static let documentType = XMLFault(
        "a document type declaration, or a part of one; RFC 6120 section 11.1 forbids it",
        .restrictedXML
    )
    static let noMarkup = XMLFault("<! begins nothing here")
    static let instructionWithoutName = XMLFault("<? begins no processing instruction, for no name follows")
    static let strayInInstruction = XMLFault("no blank stands behind the name of a processing instruction")

    static func reserved(_ name: String) -> XMLFault {
        XMLFault("<?\(name) is no XML declaration, which is written <?xml in small letters")
    }
}

// MARK: The XML declaration

extension XMLFault {
    private static let inDeclaration = "in the XML declaration"

    static let declarationWithoutVersion = XMLFault("the XML declaration gives no version")

    static func declarationKnowsNo(_ name: String) -> XMLFault {
        XMLFault("\(cut(name)) stands \(inDeclaration), which has version, encoding and standalone only")
    }

    static func misplacedInDeclaration(_ name: String) -> XMLFault {
        XMLFault("\(name) stands at the wrong place \(inDeclaration): version, encoding, standalone is the order")
    }

    static func withoutValueInDeclaration(_ name: String) -> XMLFault {
        XMLFault("\(name) has no value in quotes \(inDeclaration)")
    }

    static func stray(inDeclaration value: UInt32) -> XMLFault {
        XMLFault("\(sign(value)) stands \(inDeclaration), where it may not")
    }

    static func withoutBlank(inDeclaration name: String) -> XMLFault {
        XMLFault("no blank stands before \(cut(name)) \(inDeclaration)")
    }

    static func badValue(inDeclaration name: String) -> XMLFault {
        XMLFault("the value of \(name) \(inDeclaration) is none that it can have")
    }

    static func version(_ value: String) -> XMLFault {
        XMLFault("XML version \(cut(value)); XMPP uses XML 1.0", .restrictedXML)
    }

    static func encoding(_ value: String) -> XMLFault {
        XMLFault("the encoding is \(cut(value)); XMPP knows UTF-8 only (RFC 6120 section 11.6)", .unsupportedEncoding)
    }
}

// MARK: Words

extension XMLFault {
    /// `U+001B`.
    static func codePoint(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    /// A character as a sentence names it.
    static func sign(_ value: UInt32) -> String {
        switch value {
        case 0x20: return "a blank"
        case 0x09: return "a tab"
        case 0x0A, 0x0D: return "a line break"
        case 0x21...0x7E: return String(Character(Unicode.Scalar(UInt8(value))))
        default: return codePoint(value)
        }
    }

    private static func cut(_ name: String) -> String { name.count > 40 ? name.prefix(40) + "…" : name }
}
