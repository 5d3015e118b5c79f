import ArgumentParser
import Filter
import XMPP

/// What `stanzatap help filter` says, and what shells complete in expressions.
enum FilterHelp {
    /// True for `help filter`, given to the program.
    static func isAskedFor(_ arguments: [String]) -> Bool { arguments == ["help", "filter"] }

    static var text: String {
        let width = ShortForm.allCases.map(\.example.count).max() ?? 0
        let forms = ShortForm.allCases.map { form in
            form.meaning.folded(indent: width + 4, columns: 100, first: "  " + form.example.padded(to: width + 2))
        }
        return ([beginning] + forms + [ending]).joined(separator: "\n")
    }

    private static let beginning = """
        A filter says which packets and events of a recording are meant. 'show', 'record', 'sniff', 'lint' and 'compare' take \
        one by
        --filter, 'replay' by --ignore.

        Short forms:
        """

    private static let ending = """

        An argument with blanks stands in quotation marks: ~jid 'romeo@example.org/my phone'.

        XPath 1.0, asked of each packet; the packet is the root:
          /iq[@type="set"]               an iq of that type
          //body[contains(., "hello")]   a packet with such a text in it
          /message/body                  a message with a body
          count(//item) > 20             a packet with more items than that
          /iq/register:query             a query of in-band registration in an iq

        A name without a prefix fits in any namespace. A prefix is what people call a protocol, as behind ~ns (register, disco, muc,
        sasl, XEP-0077), and stands for all versions of it. stream: is the stream's own, client: that of stanzas.

        Both are joined by and, or, not and brackets; and binds closer than or:
          ~out and not ~kind presence
          (~ns mam or ~ns carbons) and ~text 'good morning'
          ~kind message and /message[@type="error"]

        Examples:
          stanzatap show --filter '~ns register' FILE                 registration, step by step
          stanzatap show --filter '~finding warning' FILE             what is wrong
          stanzatap show --filter '~kind request and ~in' FILE        what the server asks the client
          stanzatap show --filter '~took 2..' FILE                    answers that took two seconds or more
          stanzatap show --filter '/iq/roster:query/item[@subscription="both"]' FILE
          stanzatap replay FILE --as client --to localhost --ignore '~kind presence' --ignore //@ver

        In a shell put an expression into single quotation marks. For one packet an XPath expression may take half a million steps;
        what takes more is not selected, and told at the end.
        """

    /// Short forms and prefixes at the end of what is typed.
    static let completion = CompletionKind.custom { _, _, typed in candidates(typed) }

    static func candidates(_ typed: String) -> [String] {
        let quote = typed.prefix { $0 == "'" || $0 == "\"" }.prefix(1)
        let expression = typed.dropFirst(quote.count)
        let start = expression.lastIndex { " (/@".contains($0) }.map { expression.index(after: $0) }
        let (before, word) = (
            expression[..<(start ?? expression.startIndex)], expression[(start ?? expression.startIndex)...]
        )
        let last = before.split(separator: " ").last ?? ""
        let argument = last.hasPrefix("~") ? ShortForm(rawValue: String(last.dropFirst())) : nil
        let words: [String] =
            switch argument {
            case .kind?: FilterWord.Kind.allCases.map(\.rawValue)
            case .ns?: ProtocolRegistry.shortNames
            case .story?: Story.Kind.allCases.map(\.rawValue)
            case .finding?: FilterWord.codes.sorted()
            case .jid?, .time?, .text?, .connection?, .number?, .took?, .bytes?: []
            case .in?, .out?, .proxy?: ["and", "or"]
            case nil:
                ShortForm.allCases.map { "~" + $0.rawValue } + ProtocolRegistry.shortNames.map { $0 + ":" }
            }
        return words.filter { $0.hasPrefix(word) }.map { quote + before + $0 }
    }
}

extension String {
    /// With blanks behind it, up to so many characters.
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    /// In lines of at most so many columns, each but the first one indented.
    fileprivate func folded(indent: Int, columns: Int, first: String) -> String {
        var (lines, line) = ([String](), first)
        for word in split(separator: " ") {
            if line.count + word.count + 1 > columns, line.count > indent {
                lines.append(line)
                line = String(repeating: " ", count: indent)
            }
            line += (line.hasSuffix(" ") || line.isEmpty ? "" : " ") + word
        }
        return (lines + [line]).joined(separator: "\n")
    }
}
