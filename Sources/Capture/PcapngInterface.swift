/// An interface of a pcapng section: how its packets begin, and how its time stamps are meant.
struct PcapngInterface {
    let linkType: Int
    private let ticksPerSecond: UInt64
    /// Seconds to be added to each time stamp.
    private let offset: Int64

    /// The description must have 8 bytes.
    init(_ block: Block) {
        linkType = Int(block.uint16(0))
        let options = block.options(from: 8)
        let resolution = options.first { $0.code == Pcapng.optionTimeResolution }?.value.first ?? 6
        let exponent = UInt64(resolution & 0x7F)
        let isBinary = resolution & 0x80 != 0
        var ticks: UInt64 = 1
        for _ in 0..<min(exponent, isBinary ? 60 : 18) { ticks *= isBinary ? 2 : 10 }
        ticksPerSecond = ticks
        let value = options.first { $0.code == Pcapng.optionTimeOffset && $0.value.count == 8 }?.value
        offset = value.map { Int64(bitPattern: $0.number(at: $0.startIndex, 8, isBigEndian: block.isBigEndian)) } ?? 0
    }

    /// Since 1970.
    func nanoseconds(_ ticks: UInt64) -> UInt64 {
        let shift = UInt64(bitPattern: offset) &* 1_000_000_000
        if ticksPerSecond == 1_000_000_000 { return ticks &+ shift }
        let (whole, rest) = ticks.quotientAndRemainder(dividingBy: ticksPerSecond)
        let fraction = Double(rest) / Double(ticksPerSecond) * 1e9
        return whole &* 1_000_000_000 &+ UInt64(fraction.rounded()) &+ shift
    }
}
