extension ReportScript {
  /// The diagram: only what is near the visible part exists at any time.
  static let drawing = #"""
    const SVG = "http://www.w3.org/2000/svg";
    function make(tag, attributes, parent, text) {
      const element = document.createElementNS(SVG, tag);
      for (const key in attributes) element.setAttribute(key, attributes[key]);
      if (text !== undefined) element.textContent = text;
      if (parent) parent.append(element);
      return element;
    }
    const ENDS = {answered: "--ok", refused: "--no", unknown: "--maybe", pending: "--dim"};
    const ROLES = ["leader", "candidate", "follower", "learner"];
    let drawn = {from: 0, upTo: -1}, selected = null;

    function arrowHead(x1, y1, x2, y2, colour, svg) {
      const turn = Math.atan2(y2 - y1, x2 - x1), at = (angle, size) =>
        (x2 - size * Math.cos(turn + angle)) + "," + (y2 - size * Math.sin(turn + angle));
      make("polygon", {points: `${x2},${y2} ${at(0.38, 8)} ${at(-0.38, 8)}`, fill: colour}, svg);
    }

    function drawMessage(arrow, parent) {
      const m = arrow.m, svg = make("g", {}, parent);
      // What the selected step sent or got stands out; what is long under way stands back.
      if (selected && (selected.message === m || selected.sent?.includes(m))) {
        svg.setAttribute("class", "related");
      } else if (Math.abs(arrow.y2 - arrow.y1) > 600) {
        svg.setAttribute("class", "faint");
      }
      const colour = `var(${colourOf(m.name)})`;
      const side = laneX[m.to] > laneX[m.from] ? 1 : -1;
      const x1 = laneX[m.from] + 6 * side, far = laneX[m.to] - 6 * side;
      const part = arrow.fate === "arrived" ? 1 : arrow.y2 > arrow.y1 + 20 ? 0.85 : 0.4;
      const x2 = x1 + (far - x1) * part, {y1, y2} = arrow;
      const dash = arrow.fate === "open" ? "2 3" : arrow.fate === "lost" ? "6 3"
        : arrow.copy ? "1 2" : "none";
      const ends = {x1, y1, x2, y2};
      make("line", {...ends, class: "arrow", stroke: colour, "stroke-dasharray": dash}, svg);
      if (!rowAt.has(stepOf.get(m.step)?.order)) {
        make("circle", {cx: laneX[m.from], cy: y1, r: 2, fill: colour}, svg);
      }
      if (arrow.fate === "arrived") arrowHead(x1, y1, x2, y2, colour, svg);
      if (arrow.fate === "lost") {
        for (const k of [-1, 1]) {
          make("line", {
            x1: x2 - 5, y1: y2 - 5 * k, x2: x2 + 5, y2: y2 + 5 * k, stroke: "var(--red)",
            "stroke-width": 2,
          }, svg);
        }
      }
      const hit = make("line", {...ends, class: "hit"}, svg);
      const isOpen = arrow.end?.step === m.step && arrow.fate === "arrived";
      const fate = isOpen ? `arrived ${seconds(arrow.end.time)}; when it left is not known`
        : arrow.fate === "arrived"
        ? `arrived ${seconds(arrow.end.time)}, after ${span(arrow.end.time - m.time)}`
        : arrow.fate === "lost" ? "lost" : "never arrived in what is shown";
      hit.tip = `${m.name} ${name(m.from)} → ${name(m.to)}` + (arrow.copy ? " (copy)" : "")
        + `\n${m.text}\n` + (isOpen ? "" : `sent ${seconds(m.time)}, `) + fate;
      hit.pick = (arrow.end && stepOf.get(arrow.end.step)) || stepOf.get(m.step) || null;
    }

    function drawBands(svg, from, upTo) {
      const inside = (s) => yOf(s.from) < upTo && yOf(s.upTo) > from;
      for (let node = 0; node < NODES; node++) {
        const x = laneX[node];
        if (x < 0) continue;
        make("line", {x1: x, x2: x, y1: from, y2: upTo, class: "life"}, svg);
        for (const band of roleSpans[node].filter(inside)) {
          if (band.role === "unknown") continue;
          const top = yOf(band.from), role = ROLES.includes(band.role) ? band.role : "down";
          const w = role === "leader" || role === "candidate" ? 9 : 6;
          make("rect", {
            x: x - w / 2, y: top, width: w, height: Math.max(1, yOf(band.upTo) - top),
            fill: `var(--${role})`, rx: 2,
          }, svg).tip = `${name(node)}: ${band.role}`;
        }
      }
      for (const s of spans.filter(inside)) {
        const y = yOf(s.from), size = Math.max(3, yOf(s.upTo) - y);
        if (s.kind === "cut") drawCut(s, y, size, svg);
        const x = laneX[s.node];
        if (s.kind === "cut" || x < 0) continue;
        const words = {down: "stopped", paused: "stands still", diskStalls: "its disk stalls"};
        let shape;
        if (s.kind === "down") {
          shape = make("rect", {
            x: x - 6, y, width: 12, height: size, fill: "var(--bg)", stroke: "var(--down)",
            "stroke-dasharray": "3 3",
          }, svg);
          make("path", {
            d: `M${x - 4} ${y + 3}l8 8m0 -8l-8 8`, stroke: "var(--red)", "stroke-width": 2,
          }, svg);
        } else if (s.kind === "paused") {
          shape = make("rect", {
            x: x - 7, y, width: 14, height: size, fill: "url(#stripes)", stroke: "var(--dim)",
          }, svg);
        } else {
          shape = make("rect", {
            x: x + 6, y, width: 4, height: size, fill: "var(--stall)", rx: 2,
          }, svg);
        }
        shape.tip = `${name(s.node)}: ${words[s.kind]}`;
      }
    }

    // Nodes with bars of one colour reach each other; a node alone has a colour of its own.
    function drawCut(cut, y, size, svg) {
      for (let node = 0; node < NODES; node++) {
        if (laneX[node] < 0 || !cut.deaf[node]) continue;
        make("rect", {
          x: laneX[node] - 15, y, width: 5, height: size, rx: 2,
          fill: `var(--g${Math.min(4, cut.groups[node])})`, opacity: 0.75,
        }, svg).tip = `${name(node)}: messages are lost on ${cut.deaf[node]}`;
      }
    }

    function drawCalls(svg, from, upTo) {
      if (clientX < 0) return;
      for (const call of calls) {
        const y = yOf(call.asked.order), end = call.ended ? yOf(call.ended.order) : height;
        if (y > upTo || end < from || !filter.nodes[call.node]) continue;
        make("rect", {
          x: clientX + call.slot * 6, y, width: 4, height: Math.max(3, end - y), rx: 2,
          fill: `var(${ENDS[call.ending]})`,
        }, svg).tip = `${call.question}\n${call.answer || "no answer"}`;
      }
    }

    function drawRow(row, svg) {
      const {item, y} = row, picked = item === selected;
      const back = make("rect", {
        x: 0, y: row.from + row.air, width, height: row.upTo - row.from - row.air,
        class: picked ? "pick" : "row",
      }, svg);
      back.pick = item;
      if (row.pause > 2e6 && zoom >= 0.5) {
        const at = row.from + row.air / 2;
        make("line", {x1: 70, x2: width, y1: at, y2: at, class: "gap"}, svg);
        make("text", {x: 8, y: at + 4, class: "gut"}, svg, "+" + span(row.pause));
      }
      if (item.type === "fault") {
        make("rect", {
          x: 0, y: row.from + row.air, width, height: row.upTo - row.from - row.air,
          class: "faultrow",
        }, svg);
      }
      if (item.type === "violation") {
        make("rect", {
          x: 0, y: row.from + row.air, width, height: row.upTo - row.from - row.air + 4,
          class: "badrow",
        }, svg);
      }
      if (zoom < 0.5) return;
      if (item.type === "step") make("text", {x: 8, y: y + 4, class: "gut num"}, svg, item.step);
      const time = (item.time / 1e9).toFixed(6);
      make("text", {x: GUTTER - 12, y: y + 4, class: "gut", "text-anchor": "end"}, svg, time);
    }

    function drawLabel(row, svg) {
      const {item, y, lines} = row;
      let x = item.node >= 0 ? laneX[item.node] + 13 : GUTTER + 8;
      if (item.type === "step") {
        const colour = item.message ? `var(${colourOf(item.message.name)})` : "var(--ink)";
        make("circle", {
          cx: laneX[item.node], cy: y, r: item === selected ? 5 : 3.2, fill: colour,
          stroke: "var(--bg)",
        }, svg);
      } else if (item.call) {
        drawCallEnd(row, svg);
        x = clientX + 54;
      }
      const colour = item.type === "step" && item.message && colourOf(item.message.name);
      for (const [number, line] of lines.entries()) {
        const text = make("text", {
          x, y: y + 4 + number * LINE * Math.max(1, Math.min(1.15, zoom)),
          class: "halo " + line.style, "pointer-events": "none",
        }, svg, line.text);
        if (colour && line.style === "what") text.style.fill = `var(${colour})`;
        if (item.type === "answer") text.style.fill = `var(${ENDS[item.call.ending]})`;
      }
    }

    function drawCallEnd(row, svg) {
      const {item, y} = row, call = item.call;
      const at = clientX + 58 + (row.lines.length ? row.lines[0].text.length * 5.9 : 0);
      const x = laneX[call.node] - 7, isAnswer = item.type === "answer";
      const colour = isAnswer ? `var(${ENDS[call.ending]})` : "var(--dim)";
      make("line", {
        x1: at, x2: x, y1: y, y2: y, stroke: colour, "stroke-width": 1,
        "stroke-dasharray": "1 3",
      }, svg);
      if (isAnswer) arrowHead(x, y, at + 1, y, colour, svg);
      else arrowHead(at, y, x, y, colour, svg);
      make("line", {
        x1: clientX + call.slot * 6 + 4, x2: clientX + 52, y1: y, y2: y, stroke: colour,
        "stroke-width": 1, "stroke-dasharray": "1 3",
      }, svg);
    }

    function slice(from, upTo) {
      const svg = make("svg", {
        width, height: upTo - from, viewBox: `0 ${from} ${width} ${upTo - from}`,
      });
      const stripes = make("pattern", {
        id: "stripes", width: 6, height: 6, patternUnits: "userSpaceOnUse",
        patternTransform: "rotate(45)",
      }, make("defs", {}, svg));
      make("rect", {width: 6, height: 6, fill: "var(--bg)"}, stripes);
      make("rect", {width: 3, height: 6, fill: "var(--dim)"}, stripes);
      const first = lowerBound(rows, from, (r) => r.upTo);
      const shown = [];
      for (let i = first; i < rows.length && rows[i].from < upTo; i++) shown.push(rows[i]);
      for (const row of shown) drawRow(row, svg);
      if (selected && !rowAt.has(selected.order)) {
        make("rect", {x: 0, y: yOf(selected.order) - 2, width, height: 4, class: "pick"}, svg);
      }
      drawBands(svg, from, upTo);
      drawCalls(svg, from, upTo);
      const seen = new Set();
      for (let b = Math.floor(from / BUCKET); b <= Math.floor(upTo / BUCKET); b++) {
        for (const arrow of buckets.get(b) || []) {
          if (!seen.has(arrow)) drawMessage(arrow, svg);
          seen.add(arrow);
        }
      }
      for (const row of shown) drawLabel(row, svg);
      return svg;
    }

    function draw(always) {
      const top = view.scrollTop, size = view.clientHeight;
      if (always || top < drawn.from || top + size > drawn.upTo) {
        drawn = {from: Math.max(0, top - size), upTo: Math.min(height, top + 2 * size)};
        const svg = slice(drawn.from, drawn.upTo);
        svg.style.top = drawn.from + "px";
        field.replaceChildren(svg);
      }
      byID("heads").firstChild.style.transform = `translateX(${-view.scrollLeft}px)`;
      drawMapWindow();
      drawHeadRoles();
    }
    """#
}
