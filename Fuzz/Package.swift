// swift-tools-version: 6.2
import PackageDescription

// A package of its own, because a fuzzer's coverage has to be compiled into everything that it exercises; its sources are
// links to the program's.

let covered: [SwiftSetting] = [
    .unsafeFlags(["-sanitize=fuzzer"]),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: covered)
}

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")

let package = Package(
    name: "Fuzz",
    dependencies: [.package(url: "https://github.com/apple/swift-crypto", from: "4.5.2")],
    targets: [
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0"),
        .systemLibrary(name: "CPcap", pkgConfig: "libpcap"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .systemLibrary(name: "CIDN", pkgConfig: "libidn"),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd"),
        .systemLibrary(name: "CIDN2", pkgConfig: "libidn2"),
        .systemLibrary(name: "CFuzzer"),
        library("SystemErrors", []),
        library("XMLStream", ["CLibXML2"]),
        .target(
            name: "XMPP",
            dependencies: ["CIDN2"],
            resources: [.embedInCode("Resources/protocols.tsv")],
            swiftSettings: covered
        ),
        library("Threads", []),
        library("TLSHandshake", []),
        library("Session", ["CZlib", "TLSHandshake", "XMLStream", "XMPP"]),
        library("Transcript", ["XMLStream", "XMPP"]),
        library("Capture", ["CPcap", "CZlib", "CZstd", "SystemErrors", "XMPP"]),
        library("SASL", ["CIDN", "XMPP", crypto, cryptoExtras]),
        .target(
            name: "Explain",
            dependencies: ["SASL", "Session", "TLSHandshake", "XMLStream", "XMPP"],
            // Not optimized, which takes as long as all else: what is fuzzed are parsers, and sentences are no part of them.
            swiftSettings: covered + [.unsafeFlags(["-Onone"])]
        ),
        library("Filter", ["Explain", "Transcript", "XMLStream", "XMPP"]),
        library(
            "Conversation",
            ["Capture", "Explain", "Filter", "SASL", "Session", "Transcript", "XMLStream", "XMPP"]
        ),
        library("Replay", ["Conversation", "SASL", "XMLStream", "XMPP"]),
        library(
            "Output",
            ["Capture", "Conversation", "Filter", "SystemErrors", "Transcript", "XMLStream", "XMPP", crypto]
        ),
        library(
            "Inspector",
            [
                "Capture", "Session", "Explain", "Filter", "Threads", "TLSHandshake", "Transcript", "XMLStream", "XMPP",
            ]
        ),
        library("Redaction", ["Capture", "Explain", "SASL", "Transcript", "XMLStream", "XMPP", crypto]),
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "CFuzzer", "Capture", "Inspector", "Output", "Redaction", "Replay", "TLSHandshake", "Transcript",
                "XMLStream", "XMPP",
            ],
            swiftSettings: covered,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]
        ),
    ]
)
