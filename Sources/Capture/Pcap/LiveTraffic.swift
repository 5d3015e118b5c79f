import CPcap
import Glibc
import SystemErrors
import XMPP

/// The traffic of a network interface as it happens, by libpcap.
///
/// Not thread-safe.
public final class LiveTraffic: RecordSource {
    private let handle: OpaquePointer
    private let linkType: Int
    private let dump: OpaquePointer?
    private var foreign: ForeignTraffic
    private var queue: [CaptureRecord] = []
    private var queueIndex = 0
    private var isFinished = false
    public private(set) var offset = 0
    public let file: String?

    /// Bytes of a frame; more than any network or segmentation offload sends at once.
    private static let snapLength: Int32 = 262_144
    private static let bufferBytes: Int32 = 8 * 1024 * 1024
    /// How long `next` waits for a packet.
    private static let waitMilliseconds: Int32 = 100

    /// - Parameters:
    ///   - interface: such as `lo` or `eth0`, or `any`.
    ///   - filter: in libpcap's language (`man pcap-filter`), such as `port 5222`.
    ///   - ports: TCP ports whose traffic is XMPP whatever it looks like.
    ///   - dumpPath: a pcap file that gets every packet (mode 0600; it must not exist); nil for none.
    ///   - recorder: what the user calls whoever listens.
    public init(
        interface: String,
        filter: String,
        ports: Set<UInt16>,
        dumpPath: String? = nil,
        recorder: String? = nil
    ) throws(CaptureError) {
        var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let handle = pcap_create(interface, &message) else {
            throw CaptureError("cannot listen on \(interface): libpcap says \(String(pcapMessage: message).quoted())")
        }
        var dump: OpaquePointer?
        do throws(CaptureError) {
            try Self.activate(handle, interface)
            try Self.apply(filter, to: handle)
            let type = Int(pcap_datalink(handle))
            guard LinkLayer.isKnown(type) else {
                throw CaptureError("\(interface) has the link type \(type), which stanzatap does not know")
            }
            if let dumpPath { dump = try Self.openDump(handle, dumpPath) }
        } catch {
            // The properties are not set yet, so deinit does not do it.
            pcap_close(handle)
            throw error
        }
        self.handle = handle
        self.dump = dump
        linkType = Int(pcap_datalink(handle))
        foreign = ForeignTraffic(ports: ports, recorder: recorder)
        file = dumpPath?.split(separator: "/").last.map(String.init)
    }

    deinit {
        if let dump { pcap_dump_close(dump) }
        pcap_close(handle)
    }

    private static func activate(_ handle: OpaquePointer, _ interface: String) throws(CaptureError) {
        pcap_set_snaplen(handle, snapLength)
        pcap_set_promisc(handle, 0)
        pcap_set_timeout(handle, waitMilliseconds)
        // A packet is given at once, not when a buffer of them is full.
        pcap_set_immediate_mode(handle, 1)
        pcap_set_buffer_size(handle, bufferBytes)
        pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO)
        let code = pcap_activate(handle)
        guard code < 0 else {
            // libpcap's own waiting may never end while nothing comes.
            var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
            pcap_setnonblock(handle, 1, &message)
            return
        }
        switch code {
        case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED:
            throw CaptureError(
                "this user may not listen on \(interface); run it as root (sudo stanzatap sniff …), or allow the program"
                    + " once: sudo setcap cap_net_raw+ep PATH-OF-STANZATAP"
            )
        case PCAP_ERROR_NO_SUCH_DEVICE:
            throw CaptureError("there is no interface \(interface); 'ip link' lists them")
        case PCAP_ERROR_IFACE_NOT_UP:
            throw CaptureError("the interface \(interface) is not up")
        default:
            let reason = String(cString: pcap_geterr(handle))
            let name = String(cString: pcap_statustostr(code))
            throw CaptureError(
                "cannot listen on \(interface): libpcap says \((reason.isEmpty ? name : reason).quoted())"
            )
        }
    }

    private static func apply(_ filter: String, to handle: OpaquePointer) throws(CaptureError) {
        var program = bpf_program()
        guard pcap_compile(handle, &program, filter, 1, bpf_u_int32(PCAP_NETMASK_UNKNOWN)) == 0 else {
            throw CaptureError(
                "the filter \(filter.quoted()) is wrong, libpcap says \(said(by: handle)); 'man pcap-filter' tells how"
                    + " filters are written, for example: port 5222 and host 192.0.2.1"
            )
        }
        defer { pcap_freecode(&program) }
        guard pcap_setfilter(handle, &program) == 0 else {
            throw CaptureError("the filter cannot be used: libpcap says \(said(by: handle))")
        }
    }

    /// What libpcap has to say of its last failure; nobody else knows it.
    private static func said(by handle: OpaquePointer) -> String { String(cString: pcap_geterr(handle)).quoted() }

    private static func openDump(_ handle: OpaquePointer, _ path: String) throws(CaptureError) -> OpaquePointer {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system("cannot make the capture", path, errno) }
        guard let stream = fdopen(descriptor, "w"), let dump = pcap_dump_fopen(handle, stream) else {
            close(descriptor)
            throw CaptureError("cannot write the capture \(path): \(systemReason(errno))")
        }
        return dump
    }

    /// The next record; nil if none came for a tenth of a second.
    public func next() throws(CaptureError) -> CaptureRecord? {
        while queueIndex >= queue.count {
            queue.removeAll(keepingCapacity: true)
            queueIndex = 0
            guard !isFinished, try readPacket() else { return nil }
        }
        defer { queueIndex += 1 }
        return queue[queueIndex]
    }

    private func readPacket() throws(CaptureError) -> Bool {
        var header: UnsafeMutablePointer<pcap_pkthdr>?
        var data: UnsafePointer<UInt8>?
        var code = pcap_next_ex(handle, &header, &data)
        if code == 0 {
            var request = pollfd(fd: pcap_get_selectable_fd(handle), events: Int16(POLLIN), revents: 0)
            guard poll(&request, 1, Self.waitMilliseconds) > 0 else { return false }
            code = pcap_next_ex(handle, &header, &data)
        }
        switch code {
        case 1: break
        case 0, PCAP_ERROR_BREAK: return false
        default: throw CaptureError("listening ended: libpcap says \(Self.said(by: handle))")
        }
        guard let header, let data else { return false }
        if let dump { pcap_dump(UnsafeMutableRawPointer(dump).assumingMemoryBound(to: UInt8.self), header, data) }
        let frame = PcapFrame(header.pointee, data)
        offset += frame.bytes.count
        foreign.handle(frame.bytes[...], linkType: linkType, cut: frame.cut, time: frame.time)
        queue = foreign.takeRecords()
        return true
    }

    public func finish() {
        guard !isFinished else { return }
        isFinished = true
        foreign.finishAll()
        queue += foreign.takeRecords()
        if let dump { pcap_dump_flush(dump) }
    }

    public func leftOver() -> Int { 0 }

    /// What was seen besides XMPP.
    public var leftOut: LeftOutTraffic { foreign.leftOut }

    /// Packets that came and that the kernel had to drop, because they were not taken fast enough.
    public var dropped: Int {
        var statistics = pcap_stat()
        return pcap_stats(handle, &statistics) == 0 ? Int(statistics.ps_drop) : 0
    }
}
