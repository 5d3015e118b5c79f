import CPcap
import Glibc

/// A frame as libpcap gives it.
struct PcapFrame {
    let bytes: [UInt8]
    /// Bytes at its end that were on the wire but not captured.
    let cut: Int
    /// Nanoseconds since 1970.
    let time: UInt64
}

/// A classic pcap file, read by libpcap.
final class PcapFile {
    let linkType: Int
    private let handle: OpaquePointer
    private let path: String
    private(set) var offset = 24

    init(path: String) throws(CaptureError) {
        var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        let precision = UInt32(PCAP_TSTAMP_PRECISION_NANO)
        guard let handle = pcap_open_offline_with_tstamp_precision(path, precision, &message) else {
            throw CaptureError("cannot read \(path): \(Self.text(message))")
        }
        let type = Int(pcap_datalink(handle))
        // Before the properties are set: from then on deinit closes the file.
        guard LinkLayer.isKnown(type) else {
            let name = pcap_datalink_val_to_name(Int32(type)).map { String(cString: $0) } ?? "\(type)"
            pcap_close(handle)
            throw CaptureError(
                "\(path): its packets have the link type \(name), which stanzatap does not know;"
                    + " it reads Ethernet, Linux cooked, raw IP, PPP and loopback"
            )
        }
        self.path = path
        linkType = type
        self.handle = handle
    }

    deinit { pcap_close(handle) }

    /// The next frame; nil at the end.
    func next() throws(CaptureError) -> PcapFrame? {
        var header: UnsafeMutablePointer<pcap_pkthdr>?
        var data: UnsafePointer<UInt8>?
        switch pcap_next_ex(handle, &header, &data) {
        case 1: break
        case PCAP_ERROR_BREAK: return nil
        default:
            let reason = String(cString: pcap_geterr(handle))
            // The file ends in the middle of a packet, as files do that were cut or are still written.
            if reason.hasPrefix("truncated dump file") { return nil }
            throw CaptureError("\(path): damaged behind byte \(offset): \(reason)")
        }
        guard let header, let data else { return nil }
        offset += 16 + Int(header.pointee.caplen)
        return PcapFrame(header.pointee, data)
    }

    /// At the end: how many bytes follow that are no whole packet.
    func leftOver() -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? max(0, Int(status.st_size) - offset) : 0
    }

    static func text(_ message: [CChar]) -> String {
        String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension PcapFrame {
    init(_ header: pcap_pkthdr, _ data: UnsafePointer<UInt8>) {
        bytes = Array(UnsafeBufferPointer(start: data, count: Int(header.caplen)))
        cut = max(0, Int(header.len) - Int(header.caplen))
        time = UInt64(clamping: header.ts.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: header.ts.tv_usec)
    }
}
