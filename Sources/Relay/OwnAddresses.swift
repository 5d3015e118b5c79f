import Capture
import NIOCore

/// Recognises the relay's own listening addresses, to which it must not connect: it would talk to itself for ever.
struct OwnAddresses: Sendable {
    let listeners: [Endpoint]
    /// Tells all addresses of this machine, for listeners on `0.0.0.0` and `::`; that takes long, so it is asked for only
    /// when it matters.
    var machine: @Sendable () -> [[UInt8]] = machineAddresses

    func contains(_ endpoint: Endpoint) -> Bool {
        let target = endpoint.unmapped
        return listeners.contains { listener in
            guard listener.port == target.port else { return false }
            if listener.isWildcard {
                return target.isLoopback || target.isWildcard || machine().contains(target.address)
            }
            // Connecting to 0.0.0.0 or :: reaches the loopback.
            return listener.unmapped.address == target.address || target.isWildcard && listener.isLoopback
        }
    }

    @Sendable
    private static func machineAddresses() -> [[UInt8]] {
        let devices = (try? System.enumerateDevices()) ?? []
        return devices.compactMap { device in
            (device.address?.ipAddress).flatMap { Endpoint(host: $0, port: 0)?.unmapped.address }
        }
    }
}
