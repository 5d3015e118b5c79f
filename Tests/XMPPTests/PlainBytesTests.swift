import Testing
import XMPP

struct PlainBytesTests {
    @Test("a run of printable ASCII ends at the first byte that is none, wherever that stands", arguments: 0..<40)
    func ends(_ place: Int) {
        for byte in UInt8.min...UInt8.max {
            var text = [UInt8](repeating: UInt8(ascii: "a"), count: 40)
            text[place] = byte
            let isPrintable = (0x20..<0x7F).contains(byte)
            let isEscaped = byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
            text.withUnsafeBufferPointer { bytes in
                #expect(bytes.endOfPlainRun(from: 0) == (isPrintable ? 40 : place))
                #expect(bytes.endOfPlainRun(from: 0, isJSON: true) == (isPrintable && !isEscaped ? 40 : place))
                if place > 3 { #expect(bytes.endOfPlainRun(from: place - 3) == (isPrintable ? 40 : place)) }
            }
        }
    }

    @Test("nothing is a run that ends at once")
    func nothing() { [UInt8]().withUnsafeBufferPointer { #expect($0.endOfPlainRun(from: 0) == 0) } }
}
