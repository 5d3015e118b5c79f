import ArgumentParser
import Glibc
import Output
import SystemErrors

/// Where a result goes: standard output, or a new file for its owner only.
struct OutputTarget: Sendable {
    let writer: DescriptorWriter
    let isFile: Bool

    /// - Parameters:
    ///   - path: a new file; nil or `-` for standard output.
    ///   - isBinary: it would make a terminal unusable.
    init(path: String?, isBinary: Bool) throws {
        guard let path, path != "-" else {
            if isBinary, isatty(STDOUT_FILENO) == 1 {
                throw ValidationError("this format is not for a terminal: name a file with --output FILE")
            }
            (writer, isFile) = (.standardOutput, false)
            return
        }
        // What was in packets is not for everybody.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure("cannot make \(path): \(systemReason(errno))") }
        writer = DescriptorWriter(descriptor, name: path)
        isFile = true
    }

    func write(_ bytes: [UInt8]) throws { try failing { try writer.write(bytes) } }

    /// How text looks there; a file gets colours only if they are always wanted.
    func style(_ color: ColorChoice) -> TextStyle {
        isFile ? TextStyle(isColored: color == .always) : .forStandardOutput(color)
    }
}

/// Ended by the request to end the program.
let standardOutputPatience = WritePatience()

extension DescriptorWriter {
    static let standardOutput = DescriptorWriter(
        STDOUT_FILENO,
        name: "to standard output",
        patience: standardOutputPatience
    )
}

extension TextStyle {
    /// Only a person at a terminal gets sentences that are broken at blanks; and colours, unless they are turned off
    /// (https://no-color.org) or always wanted.
    static func forStandardOutput(_ color: ColorChoice) -> TextStyle {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let isWanted = getenv("NO_COLOR").map { $0.pointee == 0 } ?? true
        let isColored =
            switch color {
            case .auto: isTerminal && isWanted
            case .always: true
            case .never: false
            }
        return TextStyle(isColored: isColored, columns: isTerminal ? terminalColumns : nil, isTerminal: isTerminal)
    }

    /// The width of the terminal when it was asked; nil if nobody knows.
    private static var terminalColumns: Int? {
        if let columns = getenv("COLUMNS").flatMap({ Int(String(cString: $0)) }), columns > 0 { return columns }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}
