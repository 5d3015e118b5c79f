import Configuration
import Glibc
import SystemErrors
import XMPP

/// The configuration files of this machine: where they lie, and whether they may be believed.
enum ConfigFiles {
    /// That of the whole machine, for the service above all.
    static let systemPath = "/etc/stanzatap/config.yaml"

    /// More is no configuration.
    private static let byteLimit = 256 * 1024

    /// That of this user; nil where there is no home.
    static var userPath: String? {
        // A relative path there counts as none (XDG Base Directory Specification).
        if let folder = value(of: "XDG_CONFIG_HOME"), folder.hasPrefix("/") { return folder + "/stanzatap/config.yaml" }
        return value(of: "HOME").map { $0 + "/.config/stanzatap/config.yaml" }
    }

    /// False if neither file is there for certain.
    static var mayBeThere: Bool {
        [userPath, systemPath].compactMap { $0 }
            .contains { access($0, F_OK) == 0 || errno != ENOENT && errno != ENOTDIR }
    }

    static var home: String? { value(of: "HOME") }

    private static func value(of variable: String) -> String? {
        guard let value = getenv(variable), value.pointee != 0 else { return nil }
        return String(cString: value)
    }

    /// The files that count, the strongest first: the one that was named, or those that are there of the user and the machine.
    static func read(named path: String?, _ table: OptionTable) throws -> [SettingsFile] {
        if let path {
            guard let file = try read(path, isNamed: true, table) else {
                throw Failure("there is no file \(path.shown(limit: 1_000))", status: 2)
            }
            return [file]
        }
        return try [userPath, systemPath].compactMap { $0 }.compactMap { try read($0, isNamed: false, table) }
    }

    /// - Returns: nil if there is no such file.
    private static func read(_ path: String, isNamed: Bool, _ table: OptionTable) throws -> SettingsFile? {
        // A pipe that somebody laid where a file is expected must not make us wait.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | (isNamed ? 0 : O_NONBLOCK))
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw Failure(
                "cannot read \(path.shown(limit: 1_000)): \(systemReason(errno)); --no-config reads no file",
                status: 2
            )
        }
        defer { close(descriptor) }
        try check(descriptor, path, isNamed: isNamed)
        let text = try contents(descriptor, path)
        do throws(SettingsProblem) {
            return try SettingsFile(path: path, text: text, table: table)
        } catch {
            throw Failure(error)
        }
    }

    /// Whoever can write the file decides where passwords go, so nobody but its reader and root may.
    private static func check(_ descriptor: Int32, _ path: String, isNamed: Bool) throws {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw Failure("cannot read \(path.shown(limit: 1_000)): \(systemReason(errno))", status: 2)
        }
        let isFile = status.st_mode & S_IFMT == S_IFREG
        guard isFile || isNamed && status.st_mode & S_IFMT != S_IFDIR else {
            throw Failure("\(path.shown(limit: 1_000)) is no file", status: 2)
        }
        guard isFile else { return }
        guard status.st_uid == 0 || status.st_uid == geteuid() else {
            throw Failure(
                "\(path.shown(limit: 1_000)) belongs to another user, who could have the recording go anywhere; it must be yours or root's",
                status: 2
            )
        }
        guard status.st_mode & (S_IWGRP | S_IWOTH) == 0 else {
            throw Failure(
                "others can write \(path.shown(limit: 1_000)); 'chmod go-w \(path.shown(limit: 1_000))' ends that",
                status: 2
            )
        }
    }

    private static func contents(_ descriptor: Int32, _ path: String) throws -> [UInt8] {
        var (text, part) = ([UInt8](), [UInt8](repeating: 0, count: 16_384))
        while true {
            let count = part.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw Failure("cannot read \(path.shown(limit: 1_000)): \(systemReason(errno))", status: 2)
            }
            if count == 0 { return text }
            text += part.prefix(count)
            guard text.count <= byteLimit else {
                throw Failure(
                    "\(path.shown(limit: 1_000)) has more than \(byteLimit) bytes, which is too much for such a file",
                    status: 2
                )
            }
        }
    }
}

extension Failure {
    /// A wrong file is a wrong call; each mistake has a line of its own.
    init(_ problem: SettingsProblem) { self.init(problem.mistakes.joined(separator: "\nstanzatap: "), status: 2) }
}
