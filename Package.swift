// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// Who may import whom is written down in docs/architecture.md and checked by tools/check-imports.
func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: name + "Tests",
        dependencies: [.target(name: name), "TestKit"] + dependencies,
        swiftSettings: strict
    )
}

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let swiftASN1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")

let package = Package(
    name: "stanzatap",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "stanzatap", targets: ["stanzatap"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibXML2",
            pkgConfig: "libxml-2.0",
            providers: [.apt(["libxml2-dev"])]
        ),
        .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CIDN", pkgConfig: "libidn", providers: [.apt(["libidn-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CIDN2", pkgConfig: "libidn2", providers: [.apt(["libidn2-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        library("Threads", []),
        .target(name: "CResolv", linkerSettings: [.linkedLibrary("resolv")]),
        library("SystemErrors", []),
        library("XMLStream", ["CLibXML2"]),
        library("Configuration", ["CYAML", "XMPP"]),
        .target(
            name: "XMPP",
            dependencies: ["CIDN2"],
            resources: [.embedInCode("Resources/protocols.tsv")],
            swiftSettings: strict
        ),
        library("Session", ["CZlib", "TLSHandshake", "XMLStream", "XMPP"]),
        library("SASL", ["CIDN", "XMPP", crypto, cryptoExtras]),
        library("Explain", ["SASL", "Session", "TLSHandshake", "XMLStream", "XMPP"]),
        library("Transcript", ["XMLStream", "XMPP"]),
        library("Filter", ["Explain", "Transcript", "XMLStream", "XMPP"]),
        library("Capture", ["CPcap", "CZlib", "CZstd", "SystemErrors", "XMPP"]),
        library(
            "Inspector",
            [
                "Capture", "Session", "Explain", "Filter", "Threads", "TLSHandshake", "Transcript", "XMLStream",
                "XMPP",
            ]
        ),
        library(
            "Output",
            ["Capture", "Conversation", "Filter", "SystemErrors", "Transcript", "XMLStream", "XMPP", crypto]
        ),
        library(
            "Conversation",
            ["Capture", "Explain", "Filter", "SASL", "Session", "Transcript", "XMLStream", "XMPP"]
        ),
        library("Replay", ["Conversation", "SASL", "XMLStream", "XMPP"]),
        library("Redaction", ["Capture", "Explain", "SASL", "Transcript", "XMLStream", "XMPP", crypto]),
        library("TLSHandshake", []),
        library("Certificates", ["SystemErrors", "XMPP", x509, swiftASN1, crypto]),
        library(
            "Relay",
            [
                "Capture", "Certificates", "SystemErrors", "TLSHandshake", "XMLStream", "XMPP", "CResolv", nioCore,
                nioPosix, nioHTTP1, nioSSL, nioTLS,
            ]
        ),
        library(
            "Player",
            [
                "Capture", "Certificates", "Conversation", "Relay", "Replay", "SystemErrors", "XMLStream", "XMPP",
                nioCore, nioPosix, nioSSL, nioTLS,
            ]
        ),
        .executableTarget(
            name: "stanzatap",
            dependencies: [
                "Capture", "Certificates", "Configuration", "Conversation", "Filter", "Inspector", "Output", "Player",
                "Redaction", "Relay", "Replay", "SystemErrors", "Threads", "Transcript", "XMLStream", "XMPP",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        library("TestKit", []),
        tests(of: "XMLStream"),
        tests(of: "Configuration", ["XMPP"]),
        tests(of: "XMPP"),
        tests(of: "Session", ["CZlib", "TLSHandshake", "XMLStream", "XMPP"]),
        tests(of: "SASL", ["XMPP"]),
        tests(of: "Explain", ["Session", "XMLStream", "XMPP"]),
        tests(of: "Transcript", ["XMLStream", "XMPP"]),
        tests(of: "Filter", ["Capture", "Inspector", "Transcript", "XMLStream", "XMPP"]),
        tests(of: "Capture", ["CZlib", "CZstd"]),
        tests(of: "Inspector", ["Capture", "Filter", "Transcript", "XMPP"]),
        tests(
            of: "Output",
            ["Capture", "Conversation", "Inspector", "Replay", "SystemErrors", "Transcript", "XMLStream", "XMPP"]
        ),
        tests(of: "Conversation", ["Capture", "Explain", "XMLStream", "XMPP"]),
        tests(of: "Replay", ["Conversation", "Filter", "SASL", "XMLStream", "XMPP"]),
        tests(of: "Redaction", ["Capture", "Transcript", "XMLStream", "XMPP"]),
        tests(of: "Player", ["Capture", "Certificates", "Relay", "Replay", "XMPP", nioCore, nioPosix]),
        tests(of: "TLSHandshake"),
        tests(of: "Threads"),
        tests(of: "SystemErrors"),
        tests(of: "Certificates", [x509, swiftASN1, crypto]),
        tests(
            of: "Relay",
            [
                "Capture", "Certificates", "XMLStream", "XMPP", nioCore, nioPosix, nioSSL, nioTLS, nioEmbedded, x509,
                swiftASN1, crypto,
            ]
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["TestKit", "Capture", "Transcript", "XMPP", "stanzatap"],
            swiftSettings: strict
        ),
    ]
)
