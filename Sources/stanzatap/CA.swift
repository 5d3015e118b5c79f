import ArgumentParser
import Certificates
import FoundationEssentials
import Glibc
import Output

struct CA: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The certificate authority that lets stanzatap read TLS.",
        discussion: """
            To read what client and server encrypt, stanzatap shows the client a certificate of its own for the server's \
            name. The client accepts it only if it trusts the certificate authority of stanzatap, which is made at first \
            use and is this user's alone.

            Examples:
              stanzatap ca trust-help              how to have clients trust it
              stanzatap ca path                    where the certificate lies
              stanzatap ca export > stanzatap.crt  a copy for another device

            Exit status: 0 done, 1 the work failed, 2 the call was wrong.
            """,
        subcommands: [Path.self, Export.self, TrustHelp.self]
    )

    /// Where the authority lies.
    struct DataFolder: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "The folder of the certificate authority. Default: $XDG_DATA_HOME/stanzatap, else ~/.local/share/stanzatap.",
                valueName: "dir"
            )
        )
        var dataDir: String?

        func validate() throws {
            if dataDir?.isEmpty == true { throw ValidationError("--data-dir needs the name of a folder") }
        }

        /// Where it lies or will lie. Absolute, so that what is printed holds in any other directory.
        var directory: String {
            dataDir.map { URL(fileURLWithPath: $0).path }
                ?? CertificateAuthority.defaultDirectory(environment: ProcessInfo.processInfo.environment)
        }

        /// The certificate: of an authority in another user's folder, or of this user's own, made if there is none.
        func certificate() throws -> AuthorityCertificate {
            let directory = directory
            if let other = try failing({ try AuthorityCertificate.ofAnotherUser(in: directory) }) { return other }
            return AuthorityCertificate(try authority())
        }

        /// Opens the authority, made if there is none.
        func authority() throws -> CertificateAuthority {
            let directory = directory
            let authority = try failing { try CertificateAuthority.open(directory: directory) }
            if authority.wasMade { report("made a new certificate authority, \(authority.certificatePath)") }
            return authority
        }
    }

    struct Path: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print where the certificate lies.",
            discussion: """
                Makes the certificate authority if there is none.

                Examples:
                  stanzatap ca path
                  SSL_CERT_FILE=$(stanzatap ca path) profanity
                """
        )

        @OptionGroup var folder: DataFolder

        func run() throws { try writeResult(Array((folder.certificate().path + "\n").utf8)) }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the certificate.",
            discussion: """
                Makes the certificate authority if there is none. The key is never printed: it must not leave this machine.

                Examples:
                  stanzatap ca export > stanzatap.crt
                  stanzatap ca export --der > stanzatap.cer
                """
        )

        @Flag(help: "Write DER, which is binary, in place of PEM.")
        var der = false

        @OptionGroup var folder: DataFolder

        func run() throws {
            if der, isatty(STDOUT_FILENO) == 1 {
                throw Failure("DER is not for terminals; stanzatap ca export --der > stanzatap.cer")
            }
            let certificate = try folder.certificate()
            try writeResult(der ? certificate.der : Array(certificate.pem.utf8))
        }
    }

    struct TrustHelp: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "trust-help",
            abstract: "Tell how to have clients trust the certificate, and how to end that.",
            discussion: """
                Makes the certificate authority if there is none, and prints commands with its real path. Changes nothing \
                else.

                Examples:
                  stanzatap ca trust-help
                  stanzatap ca trust-help | less
                """
        )

        @OptionGroup var folder: DataFolder

        func run() throws { try writeResult(Array(trustHelp(certificate: folder.certificate().path).utf8)) }
    }
}

/// Writes what was asked for, bytes as they are, to standard output; a reader that went away, as `head` does, ends the program without a word.
private func writeResult(_ bytes: [UInt8]) throws {
    signal(SIGPIPE, SIG_DFL)
    try failing { try DescriptorWriter.standardOutput.write(bytes) }
}
