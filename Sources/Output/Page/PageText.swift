import XMLStream
import XMPP

/// Text of peers in web pages.
enum PageText {
    /// Text for any place of the page. What could turn the direction of writing or is no character is shown as a reference.
    static func escaped(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars {
            if scalar.isUnsafeOnTerminal, scalar != "\n" {
                shown += "&#x\(String(scalar.value, radix: 16, uppercase: true));"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return XMLText.escaped(shown).replacing("&#10;", with: "\n")
    }
}
