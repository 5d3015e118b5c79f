import Capture
import NIOCore
import TLSHandshake
import XMLStream
import XMPP

/// What becomes of the bytes of a connection whose TLS is decrypted, as `StreamGate` decides.
extension Connection {
    /// When the server's and the client's bytes begin to flow.
    func openGate() {
        guard let tls = environment.tls else { return }
        let isEncrypted = machine.clientIsEncrypted || self.tls.isInUse
        guard isEncrypted else { return }
        let editor = tls.interception.editorInsideTLS(isPlainUpstream: self.tls.verification == nil)
        gate = editor.isIdle ? nil : StreamGate(isEncrypted: true, editor: editor)
    }

    func pass(throughGate bytes: ByteBuffer, from side: Side) {
        carryOut(gate?.received(Array(bytes.readableBytesView), from: side) ?? [])
    }

    /// The server has ended: what was held of it goes on as it is.
    func emptyGate() {
        guard machine.phase == .relaying, gate != nil else { return }
        carryOut(gate?.serverEnded() ?? [])
    }

    private func carryOut(_ decisions: [StreamGate.Decision]) {
        clientRoot = gate?.serverRoot ?? clientRoot
        for decision in decisions {
            switch decision {
            case .pass(.client, let bytes):
                server?.write(ByteBuffer(bytes: bytes))
            case .pass(.server, let bytes):
                let isRecorded = recording { recorder throws(CaptureError) in
                    try recorder.received(ByteBuffer(bytes: bytes), .serverToClient)
                }
                if isRecorded { sendToClient(bytes) }
            case .change(let original, let edit):
                change(original, into: edit.bytes, reason: edit.reason)
            case .startTLS(let proceed):
                tls.proceed = proceed
                tls.clientAsked = true
                let domain = gate?.domain ?? environment.tls?.interception.domain
                tell { $0.agreedToTLS(domain: domain) }
            case .drop(let side, let count):
                droppedBlanks(count, from: side)
            case .reject(let side, let bytes):
                reject(bytes, from: side)
            case .forbid(let reason):
                tell { $0.rejected(because: "\(reason), and --upstream-tls starttls lets nothing pass without it") }
            case .open:
                gate = nil
            }
        }
    }

    private func sendToClient(_ bytes: [UInt8]) {
        clientStream.wasSaid = true
        client?.write(ByteBuffer(bytes: bytes))
    }

    func change(_ original: [UInt8], into bytes: [UInt8], reason: String) {
        let isRecorded = recording { recorder throws(CaptureError) in
            try recorder.changed(original, into: ByteBuffer(bytes: bytes), .serverToClient, reason: reason)
        }
        if isRecorded { sendToClient(bytes) }
    }

    func refuseUnlessBlank(_ bytes: ByteBuffer) {
        let isBlank = bytes.readableBytesView.allSatisfy(\.isXMLWhitespace)
        if isBlank {
            droppedBlanks(bytes.readableBytes, from: .client)
        } else {
            reject(Array(bytes.readableBytesView), from: .client)
        }
    }

    func droppedBlanks(_ count: Int, from side: Side) {
        let what = count == 1 ? "one byte of white space" : "\(count) bytes of white space"
        record(.noticed("\(what) from the \(side) before the TLS handshake went no further"))
    }

    private func reject(_ bytes: [UInt8], from side: Side) {
        let element = side == .client ? "<starttls/>" : "<proceed/>"
        let count = bytes.count == 1 ? "1 byte" : "\(bytes.count) bytes"
        let what = TLSRecord.told(bytes).map { "\($0) (\(count))" } ?? count
        let reason =
            "the \(side) sent \(what) behind \(element), before the TLS handshake, where none may be (RFC 6120 section"
            + " 5.4.3.3); such bytes must not get into the encrypted stream, so stanzatap ends the connection"
        tell { $0.rejected(because: reason) }
    }

    /// A client that has no stream yet gets one of ours, for the error has to stand in a stream.
    func endStream(_ reason: String) {
        guard !tls.clientIsSecured else { return }
        let text = "stanzatap: \(reason)"
        let end =
            clientStream.wasSaid
            ? StreamErrorText.end(.policyViolation, text, of: clientRoot)
            : StreamErrorText.stream(.policyViolation, text, from: gate?.domain ?? tls.domain, id: .random())
        sayToClient(end, reason: reason)
    }

    func sayToClient(_ text: String, reason: String) {
        let bytes = ByteBuffer(string: text)
        let isRecorded = recording { recorder throws(CaptureError) in
            try recorder.sentByProxy(bytes, .serverToClient, reason: reason)
        }
        if isRecorded { client?.write(bytes) }
    }
}

extension FeatureEditor {
    /// True if it never changes anything.
    var isIdle: Bool { !hidesChannelBinding && !hidesSTARTTLS }
}

extension FeatureEditor.Edit {
    /// Why, for the transcript.
    var reason: String {
        let bound = removed.filter { $0 != "STARTTLS" }
        var parts: [String] = []
        if removed.contains("STARTTLS") { parts.append("STARTTLS, which the client is not to use here") }
        if !bound.isEmpty {
            parts.append(
                "\(bound.joined(separator: ", ")), which cannot work where TLS is decrypted on the way"
                    + " (--channel-binding keep leaves it in)"
            )
        }
        return "stanzatap took out \(parts.joined(separator: "; and "))"
    }
}

extension Interception {
    /// Before TLS.
    var editorInTheClear: FeatureEditor {
        FeatureEditor(hidesChannelBinding: false, hidesSTARTTLS: upstream == .none || strips)
    }

    /// In a stream that is decrypted; a server without TLS may still offer STARTTLS there.
    func editorInsideTLS(isPlainUpstream: Bool) -> FeatureEditor {
        FeatureEditor(hidesChannelBinding: !keepsChannelBinding, hidesSTARTTLS: isPlainUpstream)
    }
}
