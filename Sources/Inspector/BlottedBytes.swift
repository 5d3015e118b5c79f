import XMPP

/// Bytes of one direction that a copy without secrets has blotted out: their places in what comes next, and how many were passed
/// over since something was told last.
struct BlottedBytes {
    /// A part of the bytes that came.
    enum Piece: Equatable {
        case readable(ArraySlice<UInt8>)
        case blotted(Int)
    }

    private var places: [Range<Int>] = []
    /// Bytes that are not told of yet.
    private(set) var count = 0

    /// In the next bytes, so many behind the first `kept` ones are blotted out.
    mutating func add(kept: Int, count: Int) {
        if count > 0 { places.append(kept..<kept + count) }
    }

    mutating func take(_ bytes: ArraySlice<UInt8>) -> [Piece] {
        defer { places = [] }
        guard !places.isEmpty else { return [.readable(bytes)] }
        var pieces: [Piece] = []
        var index = bytes.startIndex
        for place in places {
            let start = min(max(bytes.startIndex + place.lowerBound, index), bytes.endIndex)
            let end = min(max(bytes.startIndex + place.upperBound, start), bytes.endIndex)
            if index < start { pieces.append(.readable(bytes[index..<start])) }
            if start < end { pieces.append(.blotted(end - start)) }
            index = end
        }
        if index < bytes.endIndex { pieces.append(.readable(bytes[index...])) }
        return pieces
    }

    mutating func pass(_ number: Int) { count += number }

    /// How many bytes were passed over; nil if none were.
    mutating func takeCount() -> Int? {
        defer { count = 0 }
        return count == 0 ? nil : count
    }
}
