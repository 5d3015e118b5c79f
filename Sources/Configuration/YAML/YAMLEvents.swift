import CYAML

/// One event of libyaml's parser, as a plain value.
struct YAMLEvent {
    enum Kind {
        case documentStart, documentEnd, end
        case scalar(String, isQuoted: Bool)
        case sequenceStart, sequenceEnd
        case mappingStart, mappingEnd
        /// What we do not take, with the reason.
        case refused(String)
    }

    let kind: Kind
    let place: YAMLPlace
}

/// The only place that speaks to libyaml.
final class YAMLEvents {
    private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    private let text: UnsafeMutableBufferPointer<UInt8>

    init(_ bytes: [UInt8]) throws(YAMLProblem) {
        text = .allocate(capacity: max(bytes.count, 1))
        _ = text.initialize(from: bytes)
        guard yaml_parser_initialize(parser) == 1 else {
            text.deallocate()
            parser.deallocate()
            throw YAMLProblem(YAMLPlace(line: 1, column: 1), "there is not enough memory to read it")
        }
        // Nothing is guessed: what is no UTF-8 is told.
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, text.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        text.deallocate()
    }

    func next() throws(YAMLProblem) -> YAMLEvent {
        while true {
            var event = yaml_event_t()
            guard yaml_parser_parse(parser, &event) == 1 else { throw problem }
            defer { yaml_event_delete(&event) }
            if let kind = Self.kind(of: event) { return YAMLEvent(kind: kind, place: YAMLPlace(event.start_mark)) }
        }
    }

    /// Nil for what tells nothing: the start of the stream.
    private static func kind(of event: yaml_event_t) -> YAMLEvent.Kind? {
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_ALIAS_EVENT: return .refused("aliases (*NAME) are not taken; write the value out")
        case YAML_SCALAR_EVENT: return scalar(event.data.scalar)
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            return refusal(start.anchor, start.tag) ?? .sequenceStart
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            return refusal(start.anchor, start.tag) ?? .mappingStart
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        case YAML_STREAM_START_EVENT: return nil
        default: return .end
        }
    }

    private static func scalar(_ scalar: yaml_event_t.__Unnamed_union_data.__Unnamed_struct_scalar) -> YAMLEvent.Kind {
        if let refusal = refusal(scalar.anchor, scalar.tag) { return refusal }
        let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
        return .scalar(text, isQuoted: scalar.style != YAML_PLAIN_SCALAR_STYLE)
    }

    private static func refusal(_ anchor: UnsafePointer<UInt8>?, _ tag: UnsafePointer<UInt8>?) -> YAMLEvent.Kind? {
        if anchor != nil { return .refused("anchors (&NAME) are not taken; write the value out where it is needed") }
        if tag != nil { return .refused("tags (!NAME) are not taken; a text that begins with ! needs quotes") }
        return nil
    }

    private var problem: YAMLProblem {
        let parser = parser.pointee
        let raw = parser.problem.map { String(cString: $0) } ?? ""
        if parser.error == YAML_READER_ERROR {
            return YAMLProblem(place(ofByte: parser.problem_offset), YAMLWords.reason(raw, before: nil))
        }
        let place = YAMLPlace(parser.problem_mark)
        let next = parser.problem_mark.index < text.count ? character(at: place) : nil
        return YAMLProblem(place, YAMLWords.reason(raw, before: next, since: YAMLPlace(parser.context_mark).line))
    }

    private var lines: [Substring.UnicodeScalarView.SubSequence] {
        let all = String(decoding: UnsafeBufferPointer(text), as: UTF8.self).unicodeScalars
        return all.split(separator: "\n", omittingEmptySubsequences: false).map { $0 }
    }

    private func character(at place: YAMLPlace) -> Unicode.Scalar? {
        let lines = lines
        guard place.line <= lines.count else { return nil }
        return lines[place.line - 1].dropFirst(place.column - 1).first
    }

    /// Where the reader stopped; it knows bytes only.
    private func place(ofByte offset: Int) -> YAMLPlace {
        let before = text.prefix(offset)
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        return YAMLPlace(line: line, column: String(decoding: before[start...], as: UTF8.self).unicodeScalars.count + 1)
    }
}

extension YAMLPlace {
    fileprivate init(_ mark: yaml_mark_t) { self.init(line: mark.line + 1, column: mark.column + 1) }
}
