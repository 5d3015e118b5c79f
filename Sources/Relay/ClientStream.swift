/// Whether the client has a stream of the server's, or of ours in its place, in which something can be said to it.
struct ClientStream {
    /// True once the stream's header was on its way to the client.
    var wasSaid = false
    /// True once it was sent. Between the two it waits to be recorded; if it can not be, the client never gets it.
    var isSent = false
}
