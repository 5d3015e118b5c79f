import CPcap
import Glibc

/// A frame of a capture by libpcap or of its format.
struct PcapFrame {
    let bytes: [UInt8]
    /// Bytes at its end that were on the wire but not captured.
    let cut: Int
    /// Nanoseconds since 1970.
    let time: UInt64
}

/// A classic pcap file (https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html), as its bytes come.
final class PcapFile {
    let linkType: Int
    private let input: InputBytes
    private let isBigEndian: Bool
    /// Of the fractions of seconds.
    private let nanoseconds: UInt64
    /// Of the head of a packet: a variant of old Linux kernels adds what no one needs.
    private let headBytes: Int
    private(set) var offset = 24
    private var buffer: [UInt8] = []
    private var position = 0
    private var scratch = [UInt8](repeating: 0, count: chunk)

    private static let chunk = 256 * 1024

    init(_ input: InputBytes) throws(CaptureError) {
        self.input = input
        let head = try input.first(24)
        guard head.count == 24 else { throw CaptureError("\(input.name) ends in its header: it holds no packet") }
        let magic = head[...].number(at: 0, 4, isBigEndian: true)
        isBigEndian = [0xA1B2_C3D4, 0xA1B2_3C4D, 0xA1B2_CD34].contains(magic)
        let name = head[...].number(at: 0, 4, isBigEndian: isBigEndian)
        nanoseconds = name == 0xA1B2_3C4D ? 1 : 1000
        headBytes = name == 0xA1B2_CD34 ? 24 : 16
        // The upper bits tell of checksums behind the frames.
        let type = Int(head[...].number(at: 20, 4, isBigEndian: isBigEndian) & 0x03FF_FFFF)
        guard LinkLayer.isKnown(type) else {
            let name = pcap_datalink_val_to_name(Int32(type)).map { String(cString: $0) } ?? "\(type)"
            throw CaptureError(
                "\(input.name): its packets have the link type \(name), which stanzatap does not know;"
                    + " it reads Ethernet, Linux cooked, raw IP, PPP and loopback"
            )
        }
        linkType = type
        _ = try fill(24)
        position = 24
    }

    /// The next frame; nil at the end, and in the middle of one, as files end that were cut or are still written.
    func next() throws(CaptureError) -> PcapFrame? {
        guard try fill(headBytes) else { return nil }
        let count = number(8)
        let length = number(12)
        guard count <= BlockReader.maximumBlock else {
            throw CaptureError("\(input.name): damaged at byte \(offset): a packet cannot have \(count) bytes")
        }
        let time = UInt64(number(0)) * 1_000_000_000 + UInt64(number(4)) * nanoseconds
        guard try fill(headBytes + count) else { return nil }
        let start = position + headBytes
        let frame = PcapFrame(
            bytes: Array(buffer[start..<start + count]),
            cut: max(0, length - count),
            time: time
        )
        position = start + count
        offset += headBytes + count
        return frame
    }

    /// At the end: how many bytes follow that are no whole packet.
    func leftOver() -> Int { buffer.count - position }

    private func number(_ place: Int) -> Int {
        let index = position + place
        return Int(buffer[...].number(at: index, 4, isBigEndian: isBigEndian))
    }

    /// Makes sure that `count` bytes from `position` on are in the buffer; false if there are no more.
    private func fill(_ count: Int) throws(CaptureError) -> Bool {
        if buffer.count - position >= count { return true }
        buffer.removeFirst(position)
        position = 0
        while buffer.count < count {
            let read = try scratch.reading { (bytes) throws(CaptureError) in try input.read(into: bytes) }
            if read == 0 { return false }
            buffer.append(contentsOf: scratch[..<read])
        }
        return true
    }
}

extension PcapFrame {
    init(_ header: pcap_pkthdr, _ data: UnsafePointer<UInt8>) {
        bytes = Array(UnsafeBufferPointer(start: data, count: Int(header.caplen)))
        cut = max(0, Int(header.len) - Int(header.caplen))
        time = UInt64(clamping: header.ts.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: header.ts.tv_usec)
    }
}

extension String {
    /// What libpcap wrote into memory of ours.
    init(pcapMessage: [CChar]) {
        self.init(decoding: pcapMessage.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
