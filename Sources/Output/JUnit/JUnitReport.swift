import XMLStream

/// A report in the XML that continuous integration reads, of JUnit's form as Jenkins and GitLab describe it: suites, each with
/// its cases, and in every start tag how many there are.
public struct JUnitReport: Sendable, Equatable {
    public struct Case: Sendable, Equatable {
        public enum Result: Sendable, Equatable {
            case passed
            /// It was otherwise than it should be: of what kind, and how.
            case failed(type: String, String)
            /// It could not be found out, and why.
            case broken(String)
            /// It was not looked at, and why.
            case skipped(String)
        }

        public let name: String
        public let seconds: Double
        public let result: Result

        public init(name: String, seconds: Double = 0, result: Result) {
            self.name = name
            self.seconds = seconds
            self.result = result
        }
    }

    public struct Suite: Sendable, Equatable {
        public let name: String
        public var cases: [Case]
        /// What is told of the whole suite; nil for nothing.
        public var output: String?

        public init(name: String, cases: [Case] = [], output: String? = nil) {
            self.name = name
            self.cases = cases
            self.output = output
        }
    }

    /// What was run.
    public let name: String
    /// When it began: UTC, `2026-11-28T08:00:41`.
    public let timestamp: String
    public var suites: [Suite]
    /// Told with each suite, by name.
    public var properties: [(name: String, value: String)] = []

    public init(name: String, timestamp: String, suites: [Suite] = []) {
        self.name = name
        self.timestamp = timestamp
        self.suites = suites
    }

    public static func == (one: JUnitReport, other: JUnitReport) -> Bool { one.xml == other.xml }

    /// The whole document, UTF-8. Characters that XML does not allow are replaced by U+FFFD.
    public var xml: String {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites name=\(Self.quoted(name)) \(Self.counts(suites.flatMap(\.cases)))>\n"
        for suite in suites { add(suite, to: &text) }
        return text + "</testsuites>\n"
    }

    private func add(_ suite: Suite, to text: inout String) {
        text += "  <testsuite name=\(Self.quoted(suite.name)) \(Self.counts(suite.cases))"
        text += " timestamp=\(Self.quoted(timestamp))>\n"
        if !properties.isEmpty {
            text += "    <properties>\n"
            for (name, value) in properties {
                text += "      <property name=\(Self.quoted(name)) value=\(Self.quoted(value))/>\n"
            }
            text += "    </properties>\n"
        }
        // Who compares reports takes cases of the same name for the same case.
        var known: [String: Int] = [:]
        for item in suite.cases {
            let count = known[item.name, default: 0] + 1
            known[item.name] = count
            let name = count > 1 ? "\(item.name) (\(count))" : item.name
            text += "    <testcase classname=\(Self.quoted("\(self.name), \(suite.name)")) name=\(Self.quoted(name))"
            text += " time=\"\(Self.seconds(item.seconds))\"\(Self.body(item.result))\n"
        }
        if let output = suite.output { text += "    <system-out>\(Self.content(output))</system-out>\n" }
        text += "  </testsuite>\n"
    }

    /// What follows the attributes of a case.
    private static func body(_ result: Case.Result) -> String {
        switch result {
        case .passed: "/>"
        case .failed(let type, let reason):
            "><failure type=\(quoted(type)) message=\(quoted(reason))>\(content(reason))</failure></testcase>"
        case .broken(let reason):
            "><error type=\"error\" message=\(quoted(reason))>\(content(reason))</error></testcase>"
        case .skipped(let reason): "><skipped message=\(quoted(reason))/></testcase>"
        }
    }

    private static func counts(_ cases: [Case]) -> String {
        var (failures, errors, skipped) = (0, 0, 0)
        for item in cases {
            switch item.result {
            case .passed: break
            case .failed: failures += 1
            case .broken: errors += 1
            case .skipped: skipped += 1
            }
        }
        let time = seconds(cases.reduce(0) { $0 + $1.seconds })
        return
            "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\" time=\"\(time)\""
    }

    private static func quoted(_ text: String) -> String { "\"\(XMLText.escaped(text))\"" }

    /// Line breaks stay: as references they would be no easier to read.
    private static func content(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { XMLText.escaped(String($0)) }
            .joined(separator: "\n")
    }

    /// To the millisecond.
    private static func seconds(_ seconds: Double) -> String {
        let milliseconds = Int(max(0, min(seconds, 1e9)) * 1000 + 0.5)
        let rest = String(milliseconds % 1000)
        return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }
}
