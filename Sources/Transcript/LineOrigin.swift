/// Where a connection was recorded, as it stands in each of its JSON lines, so that each leads back there by itself.
public struct LineOrigin: Sendable, Equatable {
    /// The fields, ready to be written.
    let fields: [UInt8]

    /// Nobody knows, as of a transcript that was read from a text.
    public static let unknown = LineOrigin(fields: [])

    private init(fields: [UInt8]) { self.fields = fields }

    /// The recorder and the capture that the title names, as far as it does.
    public init(_ title: ConnectionTitle) {
        var fields: [UInt8] = []
        for (key, value) in [(JSONObject.Key.recorder, title.recorder), (.file, title.file)] {
            guard let value else { continue }
            fields.append(contentsOf: UnsafeBufferPointer(start: key.text.utf8Start, count: key.text.utf8CodeUnitCount))
            Array(value.utf8).withUnsafeBufferPointer { fields.append(jsonString: $0) }
        }
        self.fields = fields
    }
}
