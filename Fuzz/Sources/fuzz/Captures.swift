import Capture
import Glibc
import Inspector
import Output
import Redaction
import TLSHandshake
import XMPP

/// A file without a name, best in memory, for the reader takes a path.
private let folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
private let file: Int32 = {
    var path = Array("\(folder)/fuzz-XXXXXX".utf8CString)
    let descriptor = mkstemp(&path)
    unlink(path)
    return descriptor
}()

private func reader(of input: [UInt8]) -> CaptureReader? {
    guard ftruncate(file, 0) == 0, pwrite(file, input, input.count, 0) == input.count else { return nil }
    return try? CaptureReader(path: "/proc/self/fd/\(file)", ports: [5222])
}

/// A capture is told in every format.
@Sendable func fuzzFormats(_ input: [UInt8]) {
    let nowhere = DescriptorWriter(open("/dev/null", O_WRONLY), name: "nothing")
    defer { close(nowhere.descriptor) }
    guard let reader = reader(of: input) else { return }
    let sinks = OutputFormat.allCases.map {
        $0.sink(nowhere, style: .plain, options: TextOptions(), program: "fuzz")
    }
    let inspector = Inspector(reader: reader, sinks: sinks)
    do { while try inspector.step() > 0 {} } catch {}
    _ = try? inspector.finish()
}

/// A capture is copied without its secrets, and the copy can be read.
@Sendable func fuzzRedaction(_ input: [UInt8]) {
    let path = "\(folder)/fuzz-copy-\(getpid())"
    defer { unlink(path) }
    guard let reader = reader(of: input), let copy = try? CaptureFile(copyAt: path) else { return }
    let redactor = CaptureRedactor(reader: reader, output: copy)
    do {
        while try redactor.step() > 0 {}
        _ = try redactor.finish()
        let copied = try CaptureReader(path: path)
        while try copied.next() != nil {}
    } catch {}
}

/// What was read as an event can be written, and reads as the same.
@Sendable func fuzzEvent(_ input: [UInt8]) {
    guard let event = CaptureEvent(json: "{\"stanzatap\":1," + String(decoding: input, as: UTF8.self)) else { return }
    _ = event.sentence
    let json = event.json
    precondition(json.utf8.count <= 65_535, "an event does not fit into a comment")
    precondition(CaptureEvent(json: json) != nil, "an event is lost")
}

@Sendable func fuzzProxyHeader(_ input: [UInt8]) {
    guard case .complete(_, _, let count) = ProxyHeader.read(input) else { return }
    precondition(count <= input.count, "a header is longer than what came")
}

/// A hello is the same however its bytes are cut.
@Sendable func fuzzHello(_ input: [UInt8]) {
    var (whole, cut) = (HelloReader(), HelloReader())
    let result = whole.read(input)
    var last = HelloReader.Result.incomplete
    for byte in input { last = cut.read([byte]) }
    precondition(result == last || result == .notTLS || last == .notTLS, "a hello depends on how its bytes are cut")
}

@Sendable func fuzzCapture(_ input: [UInt8]) {
    guard let reader = reader(of: input) else { return }
    do {
        while try reader.next() != nil {}
        reader.finish()
        while try reader.next() != nil {}
    } catch {}
    _ = reader.leftOver()
}

/// The input as segments of one TCP connection, in any order, overlapping and with holes: eight bytes say where and what
/// one is, and so many bytes follow as the eighth says.
@Sendable func fuzzReassembly(_ input: [UInt8]) {
    var capture = littleEndian([0xA1B2_C3D4, 0x0004_0002, 0, 0, 65_535, 101])
    var rest = input[...]
    var time: UInt32 = 0
    while rest.count >= 8 {
        let head = Array(rest.prefix(8))
        let payload = rest.dropFirst(8).prefix(Int(head[7]))
        rest = rest.dropFirst(8 + payload.count)
        let packet = segment(head, Array(payload))
        time += UInt32(head[6])
        capture += littleEndian([time, 0, UInt32(packet.count), UInt32(packet.count)]) + packet
    }
    fuzzCapture(capture)
}

private func segment(_ head: [UInt8], _ payload: [UInt8]) -> [UInt8] {
    let fromClient = head[0] & 0x80 == 0
    let ports: [UInt8] = fromClient ? [0xC0, head[1] & 1, 0x14, 0x66] : [0x14, 0x66, 0xC0, head[1] & 1]
    let total = 40 + payload.count
    var packet: [UInt8] = [0x45, 0, UInt8(total >> 8), UInt8(total & 0xFF), 0, 0, 0, 0, 64, 6, 0, 0]
    packet += [127, 0, 0, fromClient ? 1 : 2, 127, 0, 0, fromClient ? 2 : 1]
    // Near the place where sequence numbers begin anew.
    packet += ports + [0xFF, 0xFF, head[2], head[3]] + [0xFF, 0xFF, head[4], head[5]]
    packet += [0x50, head[0] & 0x3F, 0xFF, 0xFF, 0, 0, 0, 0]
    return packet + payload
}

private func littleEndian(_ words: [UInt32]) -> [UInt8] {
    words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
}
