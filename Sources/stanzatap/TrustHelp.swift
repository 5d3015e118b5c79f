/// How to have clients trust the authority whose certificate lies at `certificate`.
func trustHelp(certificate: String) -> String {
    let name = "'" + certificate.replacing("'", with: "'\\''") + "'"
    let path = certificate.utf8.allSatisfy(isPlain) ? certificate : name
    let key = certificate.replacing(/ca\.pem$/, with: "ca-key.pem")
    let sections = [warning(key: key), clients(path, certificate), systems(path)]
    return sections.joined(separator: "\n")
}

private func warning(key: String) -> String {
    """
    What trusting it means

      Whoever holds \(key)
      can pose as any server to every program that trusts this certificate authority, and read and change what it
      sends. So: trust it on machines for tests only; in one client rather than in the whole system, where every
      program takes it, browsers and package managers among them; never copy the key; and remove the trust after
      the test. Deleting the key makes all of it worthless, if there is no copy.

      Answering "accept" to a client that asks about a certificate trusts that one certificate only. stanzatap
      makes new ones each time it is started, so the client will ask again.

    """
}

/// The library and command-line clients are run this way by tools/peers; for programs with windows it is what their
/// documentation says.
private func clients(_ path: String, _ certificate: String) -> String {
    """
    One client alone (to end it, take the setting away again)

      profanity       SSL_CERT_FILE=\(path) profanity
                      or, when it asks: /tls allow      To end it: /tls revoke FINGERPRINT after /tls always
      go-sendxmpp     SSL_CERT_FILE=\(path) go-sendxmpp ...
      sendxmpp        sendxmpp -a \(path) ...
      slixmpp         xmpp.ca_certs = "\(certificate)"
      libstrophe      xmpp_conn_set_cafile(conn, "\(certificate)");
                      or SSL_CERT_FILE=\(path) in the environment
      QXmpp           configuration.setCaCertificates(QSslCertificate::fromPath("\(certificate)"));
      nbxmpp          trusts what the system trusts; or, for a test:
                      client.set_ignored_tls_errors({Gio.TlsCertificateFlags.UNKNOWN_CA})
      gloox           trusts what the system trusts: with GnuTLS, setCACerts() has no effect. Or have
                      onTLSConnect() return true for a certificate that you know
      libpurple,      trusts what lies in /etc/ssl/certs; or accept the certificate when it asks.
      Pidgin          To end it: Tools, Certificates, delete the server's
      Gajim           trusts what the system trusts; or accept the certificate when it warns.
      Dino            trusts what the system trusts, and nothing else
      Conversations,  accept the certificate when it asks. Or, for apps that take certificates of the user:
      Android         stanzatap ca export > stanzatap.crt, copy that to the device, then Settings, Security,
                      Encryption & credentials, Install a certificate, CA certificate.
                      To end it: Trusted credentials, User, remove it

    """
}

private func systems(_ path: String) -> String {
    """
    The whole system

      Debian, Ubuntu  sudo cp \(path) /usr/local/share/ca-certificates/stanzatap.crt
                      sudo update-ca-certificates
          to end it   sudo rm /usr/local/share/ca-certificates/stanzatap.crt
                      sudo update-ca-certificates --fresh

      Fedora, RHEL    sudo cp \(path) /etc/pki/ca-trust/source/anchors/stanzatap.pem
                      sudo update-ca-trust
          to end it   sudo rm /etc/pki/ca-trust/source/anchors/stanzatap.pem
                      sudo update-ca-trust

      macOS           security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db \(path)
          to end it   security remove-trusted-cert \(path)
                      and delete "stanzatap CA on ..." in Keychain Access

    """
}

/// Needs no quoting in a shell.
private func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"): true
    case UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "@"), UInt8(ascii: "%"): true
    default: false
    }
}
