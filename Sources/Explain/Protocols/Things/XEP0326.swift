import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Things behind a concentrator (XEP-0326).
    static let concentrators: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0326", "Internet of Things - Concentrators", ["urn:xmpp:iot:concentrators"])
        entry.secrets = ["serviceToken", "deviceToken", "userToken"].map {
            .attribute($0, of: nil, "urn:xmpp:iot:concentrators")
        }
        entry.tellsThings(tellConcentrator)
        return entry
    }()
}

private func tellConcentrator(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let wish = ConcentratorWish(exchange.asked ?? exchange.element)
    switch exchange.turn {
    case .get, .set:
        return Telling(
            "\(exchange.who) asks the concentrator \(exchange.whom) \(wish.told)\(scene.cite("XEP-0326"))."
        )
    case .result:
        guard let answer = exchange.answer else {
            return exchange.asked.map { _ in Telling("\(exchange.who) has done what was asked for.") }
        }
        if let result = answer["result"], result != "OK" {
            return Telling(
                "\(exchange.who) answers that it failed: \(ThingsWords.result(result))\(Say.quote(answer.child("error")?.text))."
                    .collapsingStops
            )
        }
        return Telling("\(exchange.who) \(ConcentratorAnswer(answer).told).".collapsingStops)
    case .refusal(let error): return exchange.refused("the request \(wish.told)", error)
    case .message:
        return ConcentratorAnswer(exchange.element).news.map {
            Telling("\(exchange.who) tells \(exchange.whom) \($0)\(scene.cite("XEP-0326")).".collapsingStops)
        }
    case .presence: return nil
    }
}

/// What a concentrator is asked for.
private struct ConcentratorWish {
    let element: Element

    init(_ element: Element) { self.element = element }

    private func value(_ name: String, or missing: String) -> String {
        element[name]?.nonEmpty?.quoted(limit: 60) ?? missing
    }
    private var node: String {
        let nodes = element.children.count { $0.name == "node" }
        return nodes > 0 ? counted(nodes, "node") : "the node \(value("nodeId", or: "without an id"))"
    }
    private var source: String { element["sourceId"]?.nonEmpty.map { "the source \($0.quoted(limit: 60))" } ?? "it" }
    private var command: String { value("command", or: "without a name") }
    private var database: String { "the database \(value("databaseId", or: "without an id"))" }
    private var kind: String { element["type"]?.nonEmpty.map { " of the type \($0.shown(limit: 60))" } ?? "" }
    private var form: String { FormWords(in: element)?.bracketed ?? "" }

    /// A clause: `for the nodes below "Node1"`.
    var told: String {
        switch element.name {
        case "getCapabilities": "what it can do"
        case "getAllDataSources": "for all its data sources"
        case "getRootDataSources": "for its uppermost data sources"
        case "getChildDataSources": "for the data sources below \(source)"
        case "containsNode", "containsNodes": "whether it has \(node)"
        case "getNode", "getNodes": "for what it knows of \(node)"
        case "getAllNodes": "for all nodes of \(source)"
        case "getRootNodes": "for the uppermost nodes of \(source)"
        case "getChildNodes": "for the nodes below \(node)"
        case "getAncestors": "for the nodes above \(node)"
        case "getNodeInheritance": "from which classes \(node) is derived"
        case "getIndices": "by what the nodes of \(source) can be looked up"
        case "getAllIndexValues": "which values there are of \(value("index", or: "an index"))"
        case "getNodesFromIndex":
            "for the nodes with \(value("index", or: "an index")) \(value("indexValue", or: "nothing"))"
        case "getNodesFromIndices": "for the nodes with one of \(counted(element.childCount, "index value"))"
        case "moveNodeUp", "moveNodesUp": "to move \(node) up"
        case "moveNodeDown", "moveNodesDown": "to move \(node) down"
        case "getNodeParametersForEdit", "getCommonNodeParametersForEdit":
            "for a form to change the parameters of \(node)"
        case "setNodeParametersAfterEdit", "setCommonNodeParametersAfterEdit":
            "to change the parameters of \(node)\(form)"
        case "getAddableNodeTypes": "which kinds of nodes can be added below \(node)"
        case "getParametersForNewNode": "for the form of a new node\(kind) below \(node)"
        case "createNewNode": "to make a new node\(kind) below \(node)\(form)"
        case "destroyNode": "to delete \(node)"
        case "getNodeCommands", "getCommonNodeCommands": "which commands \(node) can be given"
        case "getCommandParameters", "getCommonCommandParameters": "for the form of the command \(command)"
        case "executeNodeCommand", "executeCommonNodeCommand": "to run the command \(command) at \(node)\(form)"
        case "executeNodeQuery", "executeCommonNodeQuery": "to run the query \(command) at \(node)\(form)"
        case "abortNodeQuery", "abortCommonNodeQuery": "to stop the query \(value("queryId", or: "without an id"))"
        case "subscribe": "to tell of changes in \(source) from now on"
        case "unsubscribe": "to tell no longer of changes in \(source)"
        case "getDatabases": "which databases it has"
        case "getDatabaseReadoutParameters": "for the form by which \(database) is read"
        case "startDatabaseReadout": "to read \(node) from \(database)"
        default: "for \(ThingsWords.words(element.name))"
        }
    }
}

/// What a concentrator answers, and what it tells of by itself.
private struct ConcentratorAnswer {
    let element: Element

    init(_ element: Element) { self.element = element }

    /// Behind who says it, without a full stop.
    var told: String {
        if element.name == "containsNodeResponse" {
            return element.text.trimmed == "true" ? "has that node" : "does not have that node"
        }
        if let form = FormWords(in: element) { return "answers with \(form.asks)" }
        if let id = element["nodeId"]?.nonEmpty { return "tells of the node \(id.quoted(limit: 60))\(state)" }
        if let query = element["queryId"]?.nonEmpty {
            return "has begun the query \(query.quoted(limit: 60)); its results come in messages"
        }
        let parts = element.child("baseClasses")?.children ?? element.children
        guard let first = parts.first else {
            return element.name == "subscribeResponse" ? "tells of changes from now on" : "has done what was asked for"
        }
        return list(parts, first)
    }

    private var state: String {
        let state = element["state"]?.nonEmpty.map { ", state \($0.shown(limit: 40))" } ?? ""
        let values = element.children.filter { !["message", "error"].contains($0.name) }.compactMap { value in
            value["value"].map { "\((value["name"] ?? value["id"] ?? "").shown(limit: 40)) \($0.quoted(limit: 40))" }
        }
        let says = Say.quote(element.child("message")?.text)
        return state + (values.isEmpty ? "" : ", with \(Say.some(values))") + says
    }

    private func list(_ parts: [Element], _ first: Element) -> String {
        switch first.name {
        case "dataSource": return names(parts, "data source")
        case "node": return names(parts, "node")
        case "command": return names(parts, "command")
        case "nodeType": return names(parts, "type of nodes", "types of nodes")
        case "database": return names(parts, "database")
        case "result":
            let done = parts.count { $0.text.trimmed == "true" }
            let fault = parts.lazy.compactMap { $0["error"]?.nonEmpty }.first
            return "has done it at \(done) of \(counted(parts.count, "node"))\(Say.quote(fault))"
        case "value" where element.name.hasPrefix("contains"):
            return "has \(parts.count { $0.text.trimmed == "true" }) of the \(counted(parts.count, "node"))"
        case "value": return "answers: \(Say.some(parts.map { $0.text.trimmed.shown(limit: 60) }))"
        default: return "answers with \(Say.some(parts.map { "<\($0.name.shown(limit: 40))/>" }))"
        }
    }

    private func names(_ parts: [Element], _ unit: String, _ units: String? = nil) -> String {
        let shown = parts.map { part in
            ["name", "nodeId", "sourceId", "databaseId", "type", "command"].lazy.compactMap { part[$0]?.nonEmpty }
                .first?
                .quoted(limit: 60) ?? "one without a name"
        }
        let many = units ?? unit + "s"
        return "names \(parts.count) \(parts.count == 1 ? unit : many): \(Say.some(shown))"
    }

    /// Behind whom it tells; nil for what is none.
    var news: String? {
        let node = "the node \(element["nodeId"]?.nonEmpty?.quoted(limit: 60) ?? "without an id")"
        switch element.name {
        case "nodeAdded": return "of a new node: \(node)\(state)"
        case "nodeRemoved": return "that \(node) is gone"
        case "nodeUpdated":
            let old = element["oldId"]?.nonEmpty.map { ", until now called \($0.quoted(limit: 60))" } ?? ""
            return "that \(node)\(old) was changed\(state)"
        case "nodeStatusChanged": return "of a new status of \(node)\(state)"
        case "nodeMovedUp": return "that \(node) moved up"
        case "nodeMovedDown": return "that \(node) moved down"
        case "queryProgress":
            let query = element["queryId"]?.nonEmpty.map { "the query \($0.quoted(limit: 60))" } ?? "a query"
            return "of \(query) at \(node): \(progress)"
        default: return nil
        }
    }

    private var progress: String {
        guard let step = element.firstChild() else { return "nothing new" }
        switch step.name {
        case "queryStarted": return "it has begun"
        case "queryDone": return "it is done"
        case "queryAborted": return "it was stopped"
        case "newRecords": return counted(step.children.count { $0.name == "record" }, "new record")
        case "newTable": return "a new table\(Say.quote(step["tableName"], " "))"
        case "tableDone": return "a table is complete"
        case "newObject": return "an object of the type \(step["contentType"]?.nonEmpty?.shown(limit: 60) ?? "unknown")"
        case "queryMessage": return "a message\(Say.quote(step.text, " "))"
        case "title": return "its title is\(Say.quote(step["name"], " "))"
        case "status": return "its status is\(Say.quote(step["message"], " "))"
        case "beginSection": return "a section begins\(Say.quote(step["header"]))"
        case "endSection": return "a section ends"
        default: return "<\(step.name.shown(limit: 40))/>"
        }
    }
}
