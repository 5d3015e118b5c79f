/// A name as it stands in messages of SCRAM and GS2: `=2C` for a comma, `=3D` for an equals sign (RFC 5802 section 5.1).
public enum SASLName {
    /// Nil if it is broken: an equals sign that begins neither of the two, or bytes that are not UTF-8. Read leniently, such
    /// ones are taken as they are.
    public static func decoded(_ bytes: ArraySlice<UInt8>, _ reading: SASLReading) -> String? {
        var name: [UInt8] = []
        name.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "=") else {
                name.append(byte)
                continue
            }
            if rest.starts(with: "2C".utf8) {
                name.append(UInt8(ascii: ","))
                rest = rest.dropFirst(2)
            } else if rest.starts(with: "3D".utf8) {
                name.append(UInt8(ascii: "="))
                rest = rest.dropFirst(2)
            } else if reading == .lenient {
                name.append(byte)
            } else {
                return nil
            }
        }
        return reading == .lenient ? String(decoding: name, as: UTF8.self) : String(validating: name, as: UTF8.self)
    }

    /// True if SASLprep leaves the name as it is (RFC 4013), so that both sides mean the same by it.
    public static func isPrepared(_ name: String) -> Bool { SASLPreparation.isPrepared(name) }

    public static func encoded(_ name: String) -> String {
        name.replacing("=", with: "=3D").replacing(",", with: "=2C")
    }
}
