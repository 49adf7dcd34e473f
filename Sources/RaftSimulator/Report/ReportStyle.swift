/// How a report page looks.
enum ReportStyle {
  static let text = """
    :root {
      --bg: #ffffff; --ink: #1d2430; --dim: #667085; --line: #d5dae2; --panel: #f5f7fa;
      --pick: #fff3c4; --hover: #eef2f8; --red: #c62828; --redbg: #fdecea;
      --leader: #1f9d55; --candidate: #e08a00; --follower: #7f9cc4; --learner: #b79fd6;
      --down: #b8bec8; --append: #1565c0; --beat: #8096b3; --vote: #a3479b; --snap: #00857a;
      --other: #7a6a45; --ok: #1f7a45; --maybe: #b26a00; --no: #8a5050; --stall: #d9480f;
      --fault: #b3541e; --g0: #4c6ef5; --g1: #f76707; --g2: #12b886; --g3: #be4bdb; --g4: #868e96;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --bg: #14181f; --ink: #e4e8ef; --dim: #98a2b3; --line: #333b48; --panel: #1b212b;
        --pick: #43391a; --hover: #222a36; --red: #ff7b72; --redbg: #3a1d1d;
        --leader: #3ecf7f; --candidate: #f5ad42; --follower: #6d8fc4; --learner: #a98bd6;
        --down: #555e6c; --append: #6cb2ff; --beat: #7288a6; --vote: #e58ae0; --snap: #4dd0c0;
        --other: #cdb67c; --ok: #5fd38d; --maybe: #f0b35a; --no: #d08a8a; --stall: #ff9066;
        --fault: #f0935c; --g0: #748ffc; --g1: #ff922b; --g2: #38d9a9; --g3: #da77f2;
        --g4: #adb5bd;
      }
    }
    * { box-sizing: border-box; }
    html, body { height: 100%; margin: 0; }
    body { display: flex; flex-direction: column; background: var(--bg); color: var(--ink);
      font: 13px/1.45 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
    code, pre, .mono { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, monospace; }
    header { padding: 8px 14px 4px; }
    h1 { font-size: 16px; margin: 0; display: inline-block; margin-right: 12px; }
    .facts { display: inline; color: var(--dim); }
    .facts code { background: var(--panel); padding: 1px 5px; border-radius: 4px;
      user-select: all; color: var(--ink); }
    .violation { border-left: 4px solid var(--red); background: var(--redbg); margin: 6px 0 2px;
      padding: 5px 10px; border-radius: 0 6px 6px 0; }
    .violation strong { color: var(--red); }
    .violation strong::first-letter { text-transform: uppercase; }
    .violation pre { margin: 2px 0 0; white-space: pre-wrap; max-height: 5.5em; overflow: auto;
      font-size: 12px; overflow-wrap: anywhere; }
    a { color: var(--append); }
    .tools { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center;
      padding: 4px 14px 6px; border-bottom: 1px solid var(--line); }
    .group { display: inline-flex; gap: 4px; align-items: center; flex-wrap: wrap; }
    input, button { font: inherit; color: inherit; background: var(--bg);
      border: 1px solid var(--line); border-radius: 5px; padding: 2px 7px; }
    input[type=search] { width: 180px; }
    .time { width: 76px; }
    button { cursor: pointer; }
    button:hover { background: var(--hover); }
    :focus-visible { outline: 2px solid var(--append); outline-offset: 1px; }
    #hits { color: var(--dim); min-width: 5em; }
    .chip { border-radius: 11px; padding: 1px 9px; font-size: 12px; }
    .chip::before { content: ""; display: inline-block; width: 8px; height: 8px;
      border-radius: 4px; margin-right: 5px; background: var(--c, var(--dim)); }
    .chip[aria-pressed=false] { color: var(--dim); text-decoration: line-through; }
    .chip[aria-pressed=false]::before { background: transparent; border: 1px solid var(--dim); }
    main { flex: 1; min-height: 0; display: flex; }
    .left { flex: 1; min-width: 0; display: flex; flex-direction: column; }
    #heads { height: 26px; position: relative; overflow: hidden; background: var(--panel);
      border-bottom: 1px solid var(--line); font-weight: 600; }
    #heads span { position: absolute; top: 4px; white-space: nowrap; overflow: hidden;
      text-overflow: ellipsis; }
    #heads em { font-style: normal; font-weight: 400; color: var(--dim); margin-left: 6px; }
    #view { flex: 1; overflow: auto; position: relative; cursor: default; }
    #view:focus-visible { outline: none; }
    #view.grab { cursor: grabbing; user-select: none; }
    #field { position: relative; }
    #field svg { position: absolute; left: 0; display: block; }
    #map { border-left: 1px solid var(--line); cursor: pointer; width: 64px; }
    #side { width: 420px; overflow: auto; border-left: 1px solid var(--line); padding: 8px 12px;
      background: var(--panel); }
    #side h2 { font-size: 14px; margin: 2px 0 6px; }
    #side h3 { font-size: 12px; margin: 12px 0 3px; color: var(--dim); font-weight: 600; }
    #side table { border-collapse: collapse; min-width: 100%; font-size: 11.5px; }
    #side th, #side td { text-align: left; padding: 1px 7px 1px 0; white-space: nowrap;
      border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
    #side th { color: var(--dim); font-weight: 500; white-space: nowrap; }
    #side td.changed { background: var(--pick); font-weight: 600; }
    #side .acting { text-decoration: underline; }
    #side .scroll { overflow-x: auto; }
    #side ul { list-style: none; margin: 0; padding: 0; }
    #side li { margin: 1px 0; padding: 1px 0; overflow-wrap: anywhere; font-size: 12px; }
    #side pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; font-size: 12px; }
    #side .was { color: var(--dim); }
    #tip { position: fixed; z-index: 9; max-width: 460px; background: var(--panel);
      border: 1px solid var(--line); border-radius: 6px; padding: 5px 9px; font-size: 12px;
      pointer-events: none; box-shadow: 0 3px 12px #0004; overflow-wrap: anywhere;
      white-space: pre-line; }
    dialog { color: var(--ink); background: var(--bg); border: 1px solid var(--line);
      border-radius: 8px; max-width: 560px; }
    dialog h2 { font-size: 14px; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 0; }
    dd { margin: 0; } dt { font-weight: 600; }
    .signs { list-style: none; padding: 0; }
    .signs svg { vertical-align: middle; margin-right: 8px; }
    #paper { display: none; }
    svg text { font: 11px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: var(--ink); }
    svg .gut { fill: var(--dim); font-size: 10.5px; font-variant-numeric: tabular-nums; }
    svg .num { fill: var(--ink); }
    svg .halo { paint-order: stroke; stroke: var(--bg); stroke-width: 3.5px;
      stroke-linejoin: round; }
    svg .what { font-weight: 600; }
    svg .pick { fill: var(--pick); }
    svg .life { stroke: var(--line); stroke-width: 1; }
    svg .arrow { fill: none; stroke-width: 1.4; }
    svg .faint { opacity: .4; }
    svg .related .arrow { stroke-width: 3; }
    svg .hit { fill: none; stroke: transparent; stroke-width: 9; cursor: pointer; }
    svg .row { fill: transparent; cursor: pointer; }
    svg .row:hover { fill: var(--hover); }
    svg .gap { stroke: var(--line); stroke-dasharray: 2 3; }
    svg .faultrow { fill: var(--fault); opacity: .09; pointer-events: none; }
    svg .faulttext { fill: var(--fault); font-weight: 600; }
    svg .badrow { fill: var(--red); opacity: .16; pointer-events: none; }
    svg .badtext { fill: var(--red); font-weight: 700; font-size: 13px; }
    @media (max-width: 900px) {
      main { display: grid; grid-template: minmax(0, 3fr) minmax(0, 2fr) / minmax(0, 1fr) 64px; }
      .left { min-height: 0; } #side { width: auto; grid-column: 1 / 3; border-left: 0;
        border-top: 1px solid var(--line); }
    }
    @media print {
      html, body { height: auto; display: block; }
      .tools, #map, .left, #tip, dialog { display: none !important; }
      main { display: block; } #side { width: auto; border: 0; overflow: visible; }
      #paper { display: block; } #paper svg { display: block; break-inside: avoid;
        max-width: 100%; height: auto; }
      .violation pre { max-height: none; }
    }
    """
}
