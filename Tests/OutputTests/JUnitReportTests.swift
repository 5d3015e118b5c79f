import Foundation
import FoundationXML
import Testing

@testable import Output

@Suite("reports for continuous integration")
struct JUnitReportTests {
    static let report: JUnitReport = {
        var report = JUnitReport(name: "replay a&b", timestamp: "2026-11-28T08:00:41")
        report.properties = [("recording", "x\u{1B}.pcapng")]
        report.suites = [
            .init(
                name: "connection 1",
                cases: [
                    .init(name: "packet 002, <features/>", seconds: 0.0314, result: .passed),
                    .init(
                        name: "packet 004",
                        seconds: 1.5,
                        result: .failed(type: "difference", "\"a\" / now: <b>\u{0}\u{FFFE}")
                    ),
                    .init(name: "packet 004", result: .skipped("said by others")),
                ],
                output: "one\ntwo ]]> three"
            ),
            .init(name: "the whole", cases: [.init(name: "end", result: .broken("it was interrupted"))]),
        ]
        return report
    }()

    @Test("every count agrees with what is in it")
    func counts() {
        let lines = Self.report.xml.split(separator: "\n").map(String.init)
        #expect(lines[0] == "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
        #expect(
            lines[1]
                == "<testsuites name=\"replay a&amp;b\" tests=\"4\" failures=\"1\" errors=\"1\" skipped=\"1\" time=\"1.531\">"
        )
        #expect(
            lines[2]
                == "  <testsuite name=\"connection 1\" tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\" time=\"1.531\" timestamp=\"2026-11-28T08:00:41\">"
        )
    }

    @Test("a parser of XML reads it, with no character that XML does not know")
    func parses() throws {
        let reader = Reader()
        let parser = XMLParser(data: Data(Self.report.xml.utf8))
        parser.delegate = reader
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        #expect(reader.names.filter { $0 == "testcase" }.count == 4)
        #expect(reader.caseNames == ["packet 002, <features/>", "packet 004", "packet 004 (2)", "end"])
        #expect(reader.messages == ["\"a\" / now: <b>\u{FFFD}\u{FFFD}", "said by others", "it was interrupted"])
        #expect(reader.text.contains("one\ntwo ]]> three"))
    }

    @Test("a report without cases is one too")
    func empty() {
        let xml = JUnitReport(name: "x", timestamp: "t").xml
        #expect(xml.contains("<testsuites name=\"x\" tests=\"0\"") && xml.hasSuffix("</testsuites>\n"))
    }

    private final class Reader: NSObject, XMLParserDelegate {
        var names: [String] = []
        var caseNames: [String] = []
        var messages: [String] = []
        var text = ""

        func parser(
            _ parser: XMLParser,
            didStartElement name: String,
            namespaceURI: String?,
            qualifiedName: String?,
            attributes: [String: String]
        ) {
            names.append(name)
            if name == "testcase", let own = attributes["name"] { caseNames.append(own) }
            if let message = attributes["message"] { messages.append(message) }
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
    }
}
