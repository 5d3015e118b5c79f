import XMLStream
import XMPP

/// Joins iq answers to their requests by id, direction and, where two share an id, by address.
struct RequestTable {
    /// Requests that are remembered in each direction; a peer that never answers must not cost memory without end.
    static let capacity = 256

    private var pending: [Direction: [Request]] = [.clientToServer: [], .serverToClient: []]

    /// The requests that were never answered.
    var unanswered: [Request] { (pending[.clientToServer] ?? []) + (pending[.serverToClient] ?? []) }

    mutating func remember(_ request: Request) {
        var requests = pending[request.direction] ?? []
        if requests.count == Self.capacity { requests.removeFirst() }
        requests.append(request)
        pending[request.direction] = requests
    }

    /// The request that `answer`, travelling in `direction`, belongs to.
    mutating func take(answer: Element, direction: Direction) -> Request? {
        guard let id = answer["id"], let requests = pending[direction.opposite] else { return nil }
        let matching = requests.indices.filter { requests[$0].element["id"] == id }
        let exact = matching.first { requests[$0].element["to"] == answer["from"] }
        guard let index = exact ?? matching.first else { return nil }
        return pending[direction.opposite]?.remove(at: index)
    }
}
