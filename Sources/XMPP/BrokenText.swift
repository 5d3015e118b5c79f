/// Bytes that are not XML as a line shows them: as they came, on one line, with the place where something is wrong.
///
/// The words around them stand here for those who write such lines and for those who take secrets out of them.
public enum BrokenText {
    /// Stands before what is wrong; where a peer sent this very character it is shown as a reference.
    public static let mark: Unicode.Scalar = "►"
    /// Between what cannot be read and why, in an event.
    public static let verdict = "cannot be read: "
    /// The same in a summary.
    public static let pastVerdict = "sent could not be read: "
    /// Behind what an event quotes.
    public static let ending = ". What follows from "
    /// Before how half a packet begins.
    public static let beginning = ", beginning with "
    /// Before what stands between packets.
    public static let stray = ", where none may stand: "
    /// Behind the reason in a summary.
    public static let place = " (at offset "

    /// The bytes as a line may show them: what would harm a terminal or break the line as a character reference such as
    /// `&#xA;`, what is not UTF-8 as `\xFF`.
    public static func shown(_ bytes: some Collection<UInt8>) -> String {
        var result = ""
        var decoder = UTF8()
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            var iterator = rest.makeIterator()
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar):
                append(scalar, to: &result)
                rest = rest.dropFirst(UTF8.width(scalar))
            case .error, .emptyInput:
                result += "\\x" + hexadecimal(UInt32(rest.removeFirst()), digits: 2)
            }
            decoder = UTF8()
        }
        return result
    }

    private static func append(_ scalar: Unicode.Scalar, to result: inout String) {
        if scalar.isUnsafeOnTerminal || scalar == mark || scalar.properties.isNoncharacterCodePoint {
            result += "&#x\(hexadecimal(scalar.value, digits: 1));"
        } else {
            result.unicodeScalars.append(scalar)
        }
    }

    private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }

    /// True if the bytes are mostly text, of whatever encoding; then they are shown as such, not as numbers.
    public static func isText(_ bytes: some Collection<UInt8>) -> Bool {
        let printable = bytes.count { (0x20...0x7E).contains($0) || (0x09...0x0D).contains($0) }
        let zeros = bytes.count { $0 == 0 }
        return printable * 4 > bytes.count && printable * 2 >= bytes.count - zeros
    }

    /// A line without what it quotes of a peer; as it is if it is none of ours. What follows our words is taken out to the words
    /// that end it, or to the end of the line.
    public static func withoutText(_ line: String) -> String {
        // By bytes: what a peer sent may join the character before it.
        let bytes = Array(line.utf8)
        for words in [verdict, beginning, stray] where !bytes.contains(pastVerdict) {
            guard let start = bytes.end(of: words) else { continue }
            let rest = words == verdict ? bytes.start(ofLast: ending, from: start) : nil
            return String(decoding: bytes[..<start] + Array("…".utf8) + bytes[(rest ?? bytes.count)...], as: UTF8.self)
        }
        return withoutReasons(bytes)
    }

    /// A summary can have a reason for each direction.
    private static func withoutReasons(_ bytes: [UInt8]) -> String {
        var (result, index): ([UInt8], Int) = ([], 0)
        while let start = bytes.end(of: pastVerdict, from: index) {
            result += bytes[index..<start] + Array("…".utf8)
            index = bytes.start(of: place, from: start) ?? bytes.count
        }
        return String(decoding: result + bytes[index...], as: UTF8.self)
    }
}

extension [UInt8] {
    fileprivate func contains(_ text: String) -> Bool { start(of: text, from: 0) != nil }

    fileprivate func start(of text: String, from index: Int) -> Int? {
        self[index...].firstRange(of: Array(text.utf8))?.lowerBound
    }

    fileprivate func end(of text: String, from index: Int = 0) -> Int? {
        start(of: text, from: index).map { $0 + text.utf8.count }
    }

    fileprivate func start(ofLast text: String, from index: Int) -> Int? {
        var last: Int?
        while let next = start(of: text, from: last.map { $0 + 1 } ?? index) { last = next }
        return last
    }
}
