/// The sizes at which every parser is fed; `nil` means all bytes at once.
public let chunkSizes: [Int?] = [1, 2, 3, 7, 64, nil]

extension Collection where Index == Int {
    /// The collection in pieces of `size`, the last one shorter; in one piece if `size` is nil.
    public func slices(of size: Int?) -> [SubSequence] {
        guard let size else { return isEmpty ? [] : [self[startIndex..<endIndex]] }
        return stride(from: startIndex, to: endIndex, by: size).map { self[$0..<Swift.min($0 + size, endIndex)] }
    }
}
