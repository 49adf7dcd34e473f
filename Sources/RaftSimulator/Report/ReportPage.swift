/// A timeline as one web page that needs nothing else: a sequence diagram to read, filter, zoom
/// and link to.
///
/// Every step has an address: `#step-1234` behind the page's name scrolls to it. Nothing that a
/// trace says can become a part of the page's code.
public struct ReportPage {
  private let timeline: Timeline

  /// A page of this timeline; a few thousand steps are shown smoothly.
  public init(_ timeline: Timeline) {
    self.timeline = timeline
  }

  /// The page, in UTF-8 when it is written out.
  public var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(self.timeline.title.escapedForHTML)</title>
    <style>
    \(ReportStyle.text)
    </style>
    </head>
    <body>
    <header>
    <h1>\(self.timeline.title.escapedForHTML)</h1>
    <p class="facts">\(self.facts)</p>
    \(self.violation)
    </header>
    \(ReportMarkup.text)
    <script type="application/json" id="data">
    \(ReportData(self.timeline).text)
    </script>
    <script>
    "use strict";
    \(ReportScript.text)
    </script>
    </body>
    </html>

    """
  }

  private var facts: String {
    let steps = self.timeline.steps
    var facts: [String] = []
    if let first = steps.first, let last = steps.last {
      let from = ClientOperation.seconds(UInt64(max(0, first.moment.time)))
      let through = ClientOperation.seconds(UInt64(max(0, last.moment.time)))
      facts.append("steps \(first.moment.step) to \(last.moment.step)")
      facts.append("\(from) to \(through)")
    }
    if self.timeline.omittedSteps > 0 {
      facts.append("\(self.timeline.omittedSteps) earlier steps left out")
    }
    facts.append("\(self.timeline.nodes.count) nodes")
    facts += self.timeline.notes
    var text = facts.joined(separator: " · ").escapedForHTML
    if let command = self.timeline.command {
      text += " · <code>\(command.escapedForHTML)</code>"
    }
    return text
  }

  private var violation: String {
    guard let violation = self.timeline.violation else { return "" }
    let step = violation.moment.step
    return """
      <section class="violation" aria-label="Violation">
      <strong>\(violation.title.escapedForHTML)</strong> is broken in
      <a href="#step-\(step)">step \(step)</a>
      <pre>\(violation.explanation.escapedForHTML)</pre>
      </section>
      """
  }
}
