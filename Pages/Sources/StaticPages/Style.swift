/// How the pages look.
enum Style {
  static let sheet = """
    body { max-width: 48rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 sans-serif; }
    nav, .role, .mentions { color: #666; font-size: .9rem; }
    pre { overflow-x: auto; padding: .8rem; background: #f4f4f4; font-size: .85rem; }
    code { font-family: monospace; }
    table { border-collapse: collapse; font-size: .9rem; }
    th, td { border: 1px solid #ccc; padding: .3rem .6rem; text-align: left; vertical-align: top; }
    th p, td p, dd p { margin: 0; }
    dt { margin-top: .5rem; }
    aside { border-left: .2rem solid #999; padding-left: 1rem; }
    @media (prefers-color-scheme: dark) {
      body { background: #111; color: #ddd; }
      pre { background: #222; }
      a { color: #8bf; }
    }

    """
}
