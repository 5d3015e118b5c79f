/// One SRV record (RFC 2782): a host that offers a service.
struct ServiceRecord: Sendable, Equatable {
    let priority: UInt16
    let weight: UInt16
    let port: UInt16
    /// A host name, or `.` when the service is decidedly not offered.
    let target: String
    /// Which service the record is about; told by the question, not by the record.
    var kind = ServiceKind.startTLS
}

extension [ServiceRecord] {
    /// The order in which to try the records: by priority, and within one priority by chance according to the weights
    /// (RFC 2782, "Weight").
    func inOrderOfTrial(using generator: inout some RandomNumberGenerator) -> [ServiceRecord] {
        Dictionary(grouping: self, by: \.priority).sorted { $0.key < $1.key }.flatMap { _, records in
            // Records of weight 0 go first, which gives them their very small chance.
            var rest = records.filter { $0.weight == 0 } + records.filter { $0.weight > 0 }
            var ordered: [ServiceRecord] = []
            while !rest.isEmpty {
                let chosen = Int.random(in: 0...rest.reduce(0) { $0 + Int($1.weight) }, using: &generator)
                var sum = 0
                let index = rest.firstIndex { record in
                    sum += Int(record.weight)
                    return sum >= chosen
                }
                ordered.append(rest.remove(at: index ?? rest.startIndex))
            }
            return ordered
        }
    }
}
