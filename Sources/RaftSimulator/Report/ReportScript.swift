/// What a report page does.
///
/// The script builds elements and sets their text; it never turns data into markup.
enum ReportScript {
  static let text = [model, layout, drawing, details, controls].joined(separator: "\n")
}
