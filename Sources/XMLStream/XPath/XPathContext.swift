import CLibXML2

/// A context of libxml2's in which expressions are read and evaluated, silently and not for ever.
final class XPathContext {
    let pointer: xmlXPathContextPtr

    /// Steps of libxml2 for one packet, some tens of milliseconds.
    static let operationLimit: UInt = 500_000

    init?() {
        stanzatap_silence_libxml2()
        guard let pointer = xmlXPathNewContext(nil) else { return nil }
        self.pointer = pointer
        pointer.pointee.error = { _, _ in }
        pointer.pointee.opLimit = Self.operationLimit
    }

    deinit { xmlXPathFreeContext(pointer) }

    func compiles(_ expression: String) -> Bool {
        guard let compiled = compiled(expression) else { return false }
        xmlXPathFreeCompExpr(compiled)
        return true
    }

    /// The expression as libxml2 evaluates it, to be freed by whoever asks for it.
    func compiled(_ expression: String) -> xmlXPathCompExprPtr? {
        expression.withCString { xmlXPathCtxtCompile(pointer, $0.asXMLChars) }
    }

    /// The next evaluation is of this tree, and has all its steps to take.
    func begin(_ tree: xmlDocPtr?) {
        pointer.pointee.doc = tree
        pointer.pointee.node = UnsafeMutableRawPointer(tree)?.assumingMemoryBound(to: xmlNode.self)
        pointer.pointee.opCount = 0
    }

    /// Where the last expression could not be read, in bytes, as far as libxml2 tells.
    var errorPosition: Int? {
        let position = Int(pointer.pointee.lastError.int1)
        return position > 0 ? position : nil
    }
}

extension UnsafePointer<CChar> {
    var asXMLChars: UnsafePointer<xmlChar> { UnsafeRawPointer(self).assumingMemoryBound(to: xmlChar.self) }
}
