import XMLStream
import XMPP

/// Joins iq answers to their requests, by id and by address (RFC 6120 sections 8.1.2.1 and 8.2.3).
struct RequestTable {
    /// Requests that are remembered in each direction; a peer that never answers must not cost memory without end.
    static let capacity = 256

    /// The requests of one direction.
    private struct Requests {
        var open: [Open] = []
        /// The last ones that were answered: their ids and numbers, at most `capacity`.
        private(set) var answered: [(id: String?, number: Int)] = []
        private var nextAnswered = 0
        var hasOverflowed = false

        mutating func note(answered request: Request) {
            let entry = (id: request.element["id"], number: request.number)
            if answered.count < RequestTable.capacity {
                answered.append(entry)
            } else {
                answered[nextAnswered] = entry
                nextAnswered = (nextAnswered + 1) % RequestTable.capacity
            }
        }
    }

    private struct Open {
        let request: Request
        /// True once bytes were not read among which the answer may have been.
        var mayBeAnswered = false
    }

    private var fromClient = Requests()
    private var fromServer = Requests()

    /// The requests that were not answered, in their order; for certain, for all was read that came back.
    var unanswered: [Request] {
        (fromClient.open + fromServer.open).filter { !$0.mayBeAnswered }.map(\.request)
    }

    /// Returns the request of that id to the same addressee that is still open, if there is one.
    mutating func remember(_ request: Request) -> Request? {
        let id = request.element["id"]
        let reused = id.flatMap { id in self[request.direction].open.last { $0.request.isAlike(request, id: id) } }
        if self[request.direction].open.count == Self.capacity {
            self[request.direction].open.removeFirst()
            self[request.direction].hasOverflowed = true
        }
        self[request.direction].open.append(Open(request: request))
        return reused?.request
    }

    /// What `answer`, travelling in `direction`, is to the requests that came the other way. It settles at most one.
    mutating func settle(_ answer: Element, _ direction: Direction, _ parties: Parties) -> Packet.Pairing {
        var pairing = Packet.Pairing()
        let asking = direction.opposite
        let id = answer["id"]
        // Without lists of those that have the id: nearly always it is one.
        var (first, fitting, count): (Int?, Int?, Int) = (nil, nil, 0)
        for (index, open) in self[asking].open.enumerated() where open.request.element["id"] == id {
            first = first ?? index
            guard parties.fits(answer, to: open.request.element, asking) else { continue }
            fitting = fitting ?? index
            count += 1
        }
        // Without an id nothing but being alone tells which request it is.
        if let fitting, id != nil || count == 1 {
            let request = self[asking].open.remove(at: fitting).request
            self[asking].note(answered: request)
            pairing.answers = request
            pairing.isGuess = count > 1
            return pairing
        }
        if let id {
            pairing.claims = first.map { self[asking].open[$0].request }
            pairing.answersAgain = self[asking].answered.last { $0.id == id }?.number
        }
        pairing.isUnrequested = first == nil && pairing.answersAgain == nil && !self[asking].hasOverflowed
        return pairing
    }

    /// Bytes of `direction` were not read: there may have been answers among them.
    mutating func lostAnswers(in direction: Direction) {
        for index in self[direction.opposite].open.indices {
            self[direction.opposite].open[index].mayBeAnswered = true
        }
    }

    private subscript(direction: Direction) -> Requests {
        get { direction == .clientToServer ? fromClient : fromServer }
        _modify {
            if direction == .clientToServer { yield &fromClient } else { yield &fromServer }
        }
    }
}

extension Request {
    fileprivate func isAlike(_ other: Request, id: String) -> Bool {
        element["id"] == id && Parties.isSame(element["to"], other.element["to"])
            && Parties.isSame(element["from"], other.element["from"])
    }
}
