/// The proof of a login that somebody recorded.
public enum RecordedProof {
    /// True if a login by DIGEST-MD5 or SCRAM was made with that password.
    ///
    /// - Parameter messages: those of both sides, in order, the client's first one first; an empty one for silence.
    public static func wasMade(_ messages: [[UInt8]], by mechanism: String, with password: String) -> Bool {
        if mechanism == "DIGEST-MD5" {
            return messages.contains { message in
                guard let fields = DigestDirectives(message, .lenient), let response = fields["response"],
                    let digest = DigestMD5(response: fields)
                else { return false }
                return digest.response(password: password) == response
            }
        }
        guard let hash = SCRAMHash(mechanism: SCRAMMechanism.unbound(mechanism)), messages.count >= 3 else {
            return false
        }
        return wasMade(messages[0], messages[1], messages[2], hash, password)
    }

    private static func wasMade(
        _ clientFirst: [UInt8],
        _ serverFirst: [UInt8],
        _ clientFinal: [UInt8],
        _ hash: SCRAMHash,
        _ password: String
    ) -> Bool {
        guard let header = GS2Header(clientFirst, .lenient),
            let asked = SCRAMMessage(serverFirst[...], .lenient),
            let proved = SCRAMMessage(clientFinal[...], .lenient),
            let salt = asked.data("s"), let iterations = asked.iterations, iterations <= SCRAMClient.mostIterations,
            let proof = proved.data("p"), let withoutProof = proved.withoutProof,
            let salted = hash.saltedPassword(password, salt: salt, iterations: iterations)
        else { return false }
        let comma = Array(",".utf8)
        let signed = clientFirst[header.bytes.count...] + comma + serverFirst + comma + withoutProof
        return SCRAMKeys(hash: hash, salted: salted).proof(Array(signed)) == proof
    }
}
