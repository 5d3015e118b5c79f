/// Cuts the bytes of one direction of a connection into stream headers, packets and stream ends, with the exact byte range
/// of each (RFC 6120 sections 4 and 11).
///
/// One connection carries several XML documents in a row; a new one is recognised by its header, wherever that stands between
/// packets. What may not stand where it does, such as a comment, belongs to the packet behind it and is told as its problem.
/// Bytes are given with `append`, events are taken with `next` until it returns nil;
/// between two events the caller may change its mind about the rest of the bytes (`unread`).
///
/// Not thread-safe. After `.failure` no more events come.
public final class StreamParser {
    enum Phase: Equatable {
        /// Before the start tag of a stream.
        case beforeHeader
        /// Between packets.
        case between
        /// In a packet, `depth` elements deep (the root counts).
        case inside(depth: Int)
        /// In a packet that went over a limit.
        case skipping(depth: Int, Limit)
        /// Behind bytes that are missing: the next packet is looked for.
        case searching
        case failed
    }

    private let limits: Limits
    private(set) var phase = Phase.beforeHeader
    private var scanner = TagScanner()
    private var builder: ElementBuilder?
    /// The bytes of the header of the current document, to make the parser's state anew from.
    private(set) var header: [UInt8] = []
    private(set) var headerTag: [UInt8] = []
    private var hasEnded = false
    /// The XML declaration before the packet in progress: it is part of the packet if that is a stream header.
    private var declaration: [UInt8] = []
    /// What stands in the packet in progress, or before it, where it may not.
    private var misplaced: StreamError?
    /// Bytes are missing in this stream: what cannot be read is passed over from then on.
    private var hasGaps = false
    /// Places that looked like the beginning of a packet and were none.
    private var falseStarts = 0
    private var skipped = 0

    private(set) var buffer: [UInt8] = []
    /// Where `buffer` begins in the stream.
    private var base = 0
    /// All positions are indices into `buffer`: where the packet and its current token begin, what libxml2 has, how far we looked.
    private(set) var packetStart = 0
    private(set) var tokenStart = 0
    private var fed = 0
    private(set) var position = 0
    /// Bytes of an oversized packet that were thrown away.
    private(set) var dropped = 0

    public init(limits: Limits = Limits()) { self.limits = limits }

    public func append(_ bytes: UnsafeRawBufferPointer) {
        makeRoom()
        buffer.append(contentsOf: bytes)
    }

    public func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    /// Bytes are missing here. What there is of a packet is dropped, and reading goes on at the next one.
    ///
    /// A stream whose header is missing too is read as one of `jabber:client` with the prefix `stream`.
    public func resynchronize() {
        base += buffer.count + dropped
        dropped = 0
        buffer.removeAll()
        beginPacket(at: 0)
        if header.isEmpty {
            header = Array("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>".utf8)
            headerTag = Array("stream:stream".utf8)
        }
        hasGaps = true
        phase = .searching
    }

    /// Gives back what only a stream in use needs: between packets the parser's state is nothing but the header, from which
    /// it is made anew. May be called at any time; what comes next is read as if it had not been called.
    public func rest() {
        guard packetStart == buffer.count, fed == packetStart, scanner.isInContent else { return }
        base += buffer.count
        buffer = []
        (packetStart, tokenStart, fed, position) = (0, 0, 0, 0)
        builder = nil
    }

    /// Bytes that were passed over since this was asked last, because they belong to no packet that can be read.
    public func takeSkipped() -> Int {
        defer { skipped = 0 }
        return skipped
    }

    /// The next event; nil when more bytes are needed, or after a failure.
    public func next() -> StreamEvent? {
        while phase != .failed {
            if phase == .searching, !findStart() { return nil }
            // Copies, for each access to a stored property that lasts through a call is checked at run time, and this is the
            // hottest place of the program.
            var (scanner, position) = (scanner, position)
            let start = tokenStart
            let token = buffer.withUnsafeBufferPointer { scanner.next(in: $0, from: start, position: &position) }
            (self.scanner, self.position) = (scanner, position)
            guard let token else { return outOfBytes() }
            if let event = handle(token) { return event }
            if phase != .searching { tokenStart = position }
        }
        return nil
    }

    // MARK: Tokens

    private func handle(_ token: TagScanner.Token) -> StreamEvent? {
        switch token {
        case .declaration:
            return fail(.documentType)
        case .comment:
            note(.restrictedXML, "a comment stands \(place) this packet; RFC 6120 section 11.1 forbids comments")
        case .instruction where !isXMLDeclaration:
            note(
                .restrictedXML,
                "a processing instruction stands \(place) this packet; RFC 6120 section 11.1 forbids it"
            )
        case .text, .startTag, .endTag, .emptyTag, .instruction, .characterData:
            break
        }
        switch phase {
        case .beforeHeader: return beforeHeader(token)
        case .between: return between(token)
        case .inside(let depth): return inside(token, depth)
        case .skipping(let depth, let limit): return skipping(token, depth, limit)
        case .searching, .failed: return nil
        }
    }

    /// Remembers the first thing that may not stand where it stands: a finding about the packet, which is read all the same.
    private func note(_ condition: StreamError.Condition, _ reason: String) {
        misplaced = misplaced ?? StreamError(condition, reason)
    }

    private func beforeHeader(_ token: TagScanner.Token) -> StreamEvent? {
        switch token {
        case .text:
            return blankBeforeHeader()
        case .instruction where isXMLDeclaration:
            if !declaration.isEmpty {
                note(.notWellFormed, "two XML declarations stand before this packet")
            } else if tokenStart > packetStart, buffer[tokenStart - 1].isXMLWhitespace {
                note(.notWellFormed, "white space stands before the XML declaration, which has to come first")
            }
            declaration = Array(buffer[tokenStart..<position])
            return FaultFinder.find(in: buffer[tokenStart..<position], root: nil).flatMap(fail)
        case .instruction, .comment:
            return nil
        case .startTag, .emptyTag:
            return finishHeader(headerBuilder(), isEmpty: token == .emptyTag)
        case .endTag, .characterData, .declaration:
            return fail(XMLFault("the stream does not begin with a start tag"))
        }
    }

    private func blankBeforeHeader() -> StreamEvent? {
        if tokenStart == packetStart, buffer[tokenStart...].starts(with: StreamOpening.byteOrderMark) {
            note(.unsupportedEncoding, "a byte order mark stands before the stream; RFC 6120 section 11.6 forbids it")
        }
        return strayBeforeHeader.flatMap { fail(StreamOpening.found(in: buffer[$0..<position], beforeLessThan: true)) }
    }

    /// What libxml2 makes of the start tag that was just scanned, as the root of a document of its own.
    private func headerBuilder() -> ElementBuilder {
        let builder = ElementBuilder()
        (declaration + buffer[tokenStart..<position]).withUnsafeBufferPointer { builder.feed($0[...]) }
        return builder
    }

    private func finishHeader(_ builder: ElementBuilder, isEmpty: Bool) -> StreamEvent? {
        if !declaration.isEmpty, let found = FaultFinder.find(in: buffer[packetStart..<position], root: nil) {
            return fail(found)
        }
        guard builder.error == nil, let (element, problem) = builder.takeHeader() else {
            return failSomewhere(builder.error, isHeader: true)
        }
        header = declaration + buffer[tokenStart..<position]
        headerTag = Array(rawName)
        hasEnded = false
        self.builder = builder
        phase = .between
        if isEmpty {
            // Whoever closes its root at once and goes on all the same is read as if it had left it open.
            header = header.dropLast("/>".utf8.count) + [.greaterThan]
            self.builder = nil
            note(.notWellFormed, "this start tag closes the stream at once, and nothing may follow it")
        }
        return finish(.header(element), problem)
    }

    private func between(_ token: TagScanner.Token) -> StreamEvent? {
        if token != .text, let limit = exceeded(depth: 1) {
            builder = nil
            return skipping(token, 1, limit)
        }
        switch token {
        case .text:
            let kind = betweenPacketsKind(buffer[tokenStart..<position])
            // White space behind what is misplaced goes with it.
            return kind == .whitespace && packetStart < tokenStart ? nil : finish(kind)
        case .instruction where isXMLDeclaration:
            declaration = Array(buffer[tokenStart..<position])
            return passOverDeclaration()
        case .instruction, .comment:
            return nil
        case .startTag, .emptyTag:
            return streamHeader(isEmpty: token == .emptyTag) ?? firstTag(token)
        case .endTag:
            noteDeclaration()
            return finishStream()
        case .characterData:
            guard buffer[tokenStart...].starts(with: "<![CDATA[".utf8) else {
                return fail(.noCharacterData)
            }
            return finish(.strayText)
        case .declaration:
            return nil
        }
    }

    /// Only `stream` in its own namespace begins a stream (RFC 6120 section 4.8.1), or a tag that is named like the last one
    /// that did, where nobody declared its prefix.
    private func streamHeader(isEmpty: Bool) -> StreamEvent? {
        let isNamedAlike = rawName.elementsEqual(headerTag)
        guard isNamedAlike || StreamNamespace.mayBeThat(of: buffer[tokenStart..<position]) else { return nil }
        let builder = headerBuilder()
        let namespace = builder.rootNamespace ?? ""
        guard namespace == StreamNamespace.uri || (isNamedAlike && namespace.isEmpty) else { return nil }
        return finishHeader(builder, isEmpty: isEmpty)
    }

    private func firstTag(_ token: TagScanner.Token) -> StreamEvent? {
        noteDeclaration()
        return phase == .between ? inside(token, 1) : nil
    }

    private func noteDeclaration() {
        guard !declaration.isEmpty else { return }
        note(
            .notWellFormed,
            "an XML declaration stands before this packet; it may only stand before a stream header"
                + " (RFC 6120 section 11.5)"
        )
    }

    /// libxml2 is not shown an XML declaration in the middle of a stream, for it would read no further.
    private func passOverDeclaration() -> StreamEvent? {
        if tokenStart > packetStart, let error = feedBuilder(upTo: tokenStart) { return failSomewhere(error) }
        fed = position
        return nil
    }

    private func betweenPacketsKind(_ text: ArraySlice<UInt8>) -> StreamEvent.Kind {
        text.allSatisfy(\.isXMLWhitespace) ? .whitespace : .strayText
    }

    private func finishStream() -> StreamEvent? {
        let name = rawName
        guard name.elementsEqual(headerTag), !hasEnded else {
            return fail(.closesNothing(String(decoding: name.prefix(100), as: UTF8.self)))
        }
        hasEnded = true
        builder = nil
        return finish(.end)
    }

    private func inside(_ token: TagScanner.Token, _ depth: Int) -> StreamEvent? {
        let newDepth = depth + token.depthChange
        if let limit = exceeded(depth: newDepth) {
            builder = nil
            phase = .skipping(depth: depth, limit)
            return skipping(token, depth, limit)
        }
        if token == .instruction, isXMLDeclaration {
            note(.notWellFormed, "an XML declaration stands inside this packet")
            return passOverDeclaration()
        }
        guard newDepth == 1 else {
            phase = .inside(depth: newDepth)
            return nil
        }
        let error = feedBuilder(upTo: position)
        guard error == nil, let (element, problem) = builder?.takeElement() else { return failSomewhere(error) }
        phase = .between
        return finish(.element(element), problem)
    }

    private func skipping(_ token: TagScanner.Token, _ depth: Int, _ limit: Limit) -> StreamEvent? {
        let newDepth = depth + token.depthChange
        if newDepth <= 1 && (token == .endTag || token == .emptyTag) {
            phase = .between
            return finish(.oversized(limit))
        }
        phase = .skipping(depth: newDepth, limit)
        return nil
    }

    // MARK: Feeding libxml2

    /// Gives libxml2 everything up to `end`, after making it anew if it was given back.
    private func feedBuilder(upTo end: Int) -> StreamError? {
        let current = builder ?? rebuilt()
        builder = current
        buffer.withUnsafeBufferPointer { current.feed($0[fed..<end]) }
        fed = end
        return current.error
    }

    private func rebuilt() -> ElementBuilder {
        let builder = ElementBuilder()
        header.withUnsafeBufferPointer { builder.feed($0[...]) }
        // What is wrong with the header was told once, and is not the next packet's fault.
        _ = builder.takeHeader()
        return builder
    }

    // MARK: Ends of bytes and of packets

    private func outOfBytes() -> StreamEvent? {
        let inContent = scanner.isInContent
        switch phase {
        case .between where inContent && position > tokenStart && packetStart == tokenStart:
            return finish(betweenPacketsKind(buffer[tokenStart..<position]))
        case .beforeHeader:
            if let index = strayBeforeHeader, StreamOpening.isDecided(buffer[index..<position]) {
                return fail(StreamOpening.found(in: buffer[index..<position], beforeLessThan: false))
            }
            if position - packetStart > limits.tagBytes {
                return fail(XMLFault("the stream header is longer than \(limits.tagBytes) bytes", .policyViolation))
            }
        case .between, .inside:
            let depth = if case .inside(let depth) = phase { depth } else { 1 }
            if let limit = exceeded(depth: depth) {
                builder = nil
                phase = .skipping(depth: depth, limit)
            } else if case .inside = phase, let error = feedBuilder(upTo: inContent ? position : tokenStart) {
                return failSomewhere(error)
            }
        case .skipping, .searching, .failed:
            break
        }
        return nil
    }

    private func exceeded(depth: Int) -> Limit? {
        if position - tokenStart > limits.tagBytes, !scannedTextOnly { return .tagBytes(limits.tagBytes) }
        if position - packetStart > limits.packetBytes { return .packetBytes(limits.packetBytes) }
        if depth > limits.depth { return .depth(limits.depth) }
        return nil
    }

    /// True if the current token is text: long texts are harmless, long tags are not.
    private var scannedTextOnly: Bool {
        tokenStart >= buffer.count || buffer[tokenStart] != .lessThan
            || buffer[tokenStart...].starts(with: Array("<![".utf8))
    }

    private func finish(_ kind: StreamEvent.Kind, _ problem: StreamError? = nil) -> StreamEvent {
        let start = base + packetStart
        let event = StreamEvent(
            kind: kind,
            range: start..<(base + position + dropped),
            bytes: Array(buffer[packetStart..<min(position, packetStart + keptLength(kind))]),
            problem: StreamError.joined(misplaced, problem)
        )
        (misplaced, declaration) = (nil, [])
        if let known = builder?.distinctNames, known > limits.distinctNames { builder = nil }
        base += dropped
        dropped = 0
        packetStart = position
        tokenStart = position
        fed = position
        return event
    }

    private func keptLength(_ kind: StreamEvent.Kind) -> Int {
        if case .oversized = kind { limits.keptBytes } else { Int.max / 2 }
    }

    /// No more bytes come: a failure, if what is left could never have become a packet.
    public func finish() -> StreamEvent? {
        guard isInsidePacket, !isInsideOversized, !hasGaps else { return nil }
        if phase == .beforeHeader, let index = strayBeforeHeader {
            return fail(StreamOpening.found(in: buffer[index..<position], beforeLessThan: false))
        }
        return FaultFinder.find(in: buffer[packetStart...], root: phase == .beforeHeader ? nil : headerTag).flatMap(
            fail
        )
    }

    /// Something is wrong with the token that was just scanned; what was wrong before it is told instead.
    private func fail(_ fault: XMLFault) -> StreamEvent? {
        failSomewhere(fault.error, isHeader: phase == .beforeHeader)
    }

    /// libxml2 does not take what it was given. Where that began, and why, nobody but the finder knows.
    private func failSomewhere(_ error: StreamError?, isHeader: Bool = false) -> StreamEvent? {
        // An oversized packet is not there whole, and behind a gap there are many false beginnings to come.
        let isWhole = !isInsideOversized && !(hasGaps && falseStarts < Self.falseStartLimit)
        let found = isWhole ? FaultFinder.find(in: buffer[packetStart...], root: isHeader ? nil : headerTag) : nil
        if let found { return fail(found) }
        let error = error ?? StreamError(.notWellFormed, "the XML is not well-formed")
        return fail(error, at: tokenStart)
    }

    private func fail(_ found: FaultFinder.Found) -> StreamEvent? { fail(found.fault.error, at: found.index) }

    /// The end of what can be read; nil behind bytes that are missing, where reading goes on at the next packet.
    private func fail(_ error: StreamError, at index: Int) -> StreamEvent? {
        builder = nil
        if hasGaps, falseStarts < Self.falseStartLimit {
            falseStarts += 1
            skipped += 1
            beginPacket(at: packetStart + 1)
            phase = .searching
            return nil
        }
        phase = .failed
        let start = base + packetStart
        let place = FaultPlace(in: buffer[packetStart...], at: index, dropped: dropped, from: start)
        let event = StreamEvent(
            kind: .failure(error.placed(place)),
            range: start..<(base + buffer.count + dropped),
            bytes: Array(buffer[packetStart...].prefix(limits.keptBytes))
        )
        packetStart = buffer.count
        return event
    }

    /// Each costs reading the same bytes once more.
    private static let falseStartLimit = 1000

    private func beginPacket(at index: Int) {
        packetStart = index
        tokenStart = index
        position = index
        fed = index
        (misplaced, declaration) = (nil, [])
        scanner = TagScanner()
    }

    /// Moves to the next place where a packet may begin; false if there is none yet.
    private func findStart() -> Bool {
        let start = buffer.withUnsafeBufferPointer { PacketStart.find(in: $0, from: packetStart) }
        skipped += start.index - packetStart
        beginPacket(at: start.index)
        guard start.isFound else { return false }
        phase = .between
        return true
    }

    /// Forgets what was turned into events, and all but the beginning of an oversized packet.
    private func makeRoom() {
        if phase == .failed {
            base += buffer.count
            buffer.removeAll()
            packetStart = 0
            return
        }
        if case .skipping = phase, position - packetStart > limits.keptBytes {
            let kept = packetStart + limits.keptBytes
            dropped += position - kept
            buffer.removeSubrange(kept..<position)
            position = kept
            tokenStart = kept
            fed = kept
        }
        guard packetStart > 0, packetStart * 2 >= buffer.count else { return }
        buffer.removeFirst(packetStart)
        base += packetStart
        position -= packetStart
        tokenStart -= packetStart
        fed -= packetStart
        packetStart = 0
    }
}
