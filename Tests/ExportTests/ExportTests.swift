import Testing

@testable import Export

@Test("formats are named as users type them")
func formatNames() { #expect(ExportFormat(rawValue: "html") == .html) }
