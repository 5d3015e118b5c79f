import CLibXML2

/// Asks packet after packet whether expressions hold of it, with limited work for each.
public final class XPathEvaluator {
    private let context: XPathContext?
    private let compiled: [xmlXPathCompExprPtr?]
    private var tree: XPathTree?

    public init(_ expressions: [XPath]) {
        let context = XPathContext()
        self.context = context
        compiled = expressions.map { context?.compiled($0.written) }
    }

    deinit { for expression in compiled { xmlXPathFreeCompExpr(expression) } }

    /// The packet that is asked about next; nil for what is none, of which nothing holds.
    public func load(_ packet: Element?) { tree = packet.map(XPathTree.init) }

    /// True if the expression selects anything in the packet, or comes to a truth, a number above 0 or a text (XPath 1.0
    /// section 4.3, `boolean`).
    ///
    /// - Parameter index: which of the expressions.
    /// - Returns: nil if that is more work than is done for one packet.
    public func holds(_ index: Int) -> Bool? {
        guard let context, let expression = compiled[index], let tree else { return false }
        context.begin(tree.document)
        let result = xmlXPathCompiledEvalToBoolean(expression, context.pointer)
        return result < 0 ? nil : result == 1
    }
}
