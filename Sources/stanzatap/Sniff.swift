import ArgumentParser
import Capture
import Glibc
import Inspector
import Synchronization

struct Sniff: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell what passes a network interface, without being in the way.",
        discussion: """
            Watches an interface as tcpdump does, and writes the transcripts of the XMPP connections on it as they happen. XMPP is \
            found by its content, on any port that the filter lets through. What is encrypted stays so: to read it, use \
            'stanzatap record' instead. Needs root, or the capability cap_net_raw.

            Examples:
              stanzatap sniff -i lo
              stanzatap sniff -i eth0 --bpf 'port 5222 and host 192.0.2.1'
              stanzatap sniff -i lo --filter '~kind message or ~finding warning'
              stanzatap sniff -i any --write seen.pcap

            Ctrl-C ends it with everything written. Exit status: 0 done, 1 the work failed, 2 the call was wrong.
            """
    )

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The interface, such as lo or eth0; any for all.", valueName: "name")
    )
    var interface: String

    @Option(
        help: ArgumentHelp(
            "Which packets of the network are looked at, in the language of 'man pcap-filter'.",
            valueName: "filter"
        )
    )
    var bpf = "tcp"

    @Option(
        help: ArgumentHelp(
            "A TCP port whose traffic is XMPP whatever it looks like. May be given several times.",
            valueName: "n"
        )
    )
    var port: [UInt16] = []

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write every packet to this pcap file too; it must not exist.", valueName: "file")
    )
    var write: String?

    @Option(help: "How it is written: text, brief (a line for each packet), or jsonl.")
    var format: Format = .text

    @OptionGroup var recorder: RecorderArguments

    @OptionGroup var text: TextArguments

    @OptionGroup var display: DisplayArguments

    func validate() throws {
        if let filter = display.filter, NetworkFilter.isOne(filter) { throw NetworkFilter.told(filter) }
        if write == "-" {
            throw ValidationError("--write needs the name of a file: standard output has the transcripts")
        }
    }

    func run() throws {
        let signals = Signals()
        let source = try failing {
            try LiveTraffic(
                interface: interface,
                filter: bpf,
                ports: Set(port),
                dumpPath: write,
                recorder: recorder.name
            )
        }
        signals.endProgram(within: 15)
        report("listening on \(interface), filter \"\(bpf)\"")
        let sink = try display.packets().before(format.liveSink(text.options))
        let inspector = Inspector(reader: source, sinks: [sink])
        try failing {
            while signals.count == 0 { _ = try inspector.step() }
            _ = try inspector.finish()
        }
        if source.offset == 0, let write {
            unlink(write)
            report("no packet came, so the empty capture \(write) was removed")
        }
        if let leftOut = source.leftOut.told { report("left out \(leftOut)") }
        if source.dropped > 0 { report("the kernel had to drop \(source.dropped) packets; a narrower --bpf helps") }
    }
}
