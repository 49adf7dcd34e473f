extension ReportScript {
  /// What stands around the diagram: names of the lanes, the map, the selected step.
  static let details = #"""
    function el(tag, className, text, parent) {
      const element = document.createElement(tag);
      if (className) element.className = className;
      if (text !== undefined) element.textContent = text;
      if (parent) parent.append(element);
      return element;
    }

    // Names above the lanes, with the role at the upper edge.
    let headRoles = [];
    function drawHeads() {
      const strip = el("div");
      headRoles = [];
      if (clientX >= 0) el("span", "", "clients", strip).style.left = clientX + "px";
      for (let node = 0; node < NODES; node++) {
        if (laneX[node] < 0) continue;
        const head = el("span", "", name(node), strip);
        head.style.left = laneX[node] - 8 + "px";
        head.style.maxWidth = laneWidth - 12 + "px";
        headRoles[node] = el("em", "", "", head);
      }
      byID("heads").replaceChildren(strip);
    }
    function drawHeadRoles() {
      const row = rowAtY(view.scrollTop + 8);
      if (!row) return;
      for (const [node, label] of headRoles.entries()) {
        if (!label) continue;
        const face = faceAt(node, row.item.order);
        const role = troubleAt(node, "down", row.item.order) ? "stopped"
          : face ? face[0] : facesOf[node].every((p) => !p.face) ? "nothing known" : "";
        label.textContent = role + (face && role !== "stopped" ? " " + face[1] : "");
      }
    }

    // The whole run at a glance.
    const map = byID("map");
    let mapPicture = null;
    function drawMap() {
      const size = byID("view").parentElement.clientHeight, scale = devicePixelRatio || 1;
      if (!size) return;
      map.style.height = size + "px";
      map.width = 64 * scale;
      map.height = size * scale;
      const pen = map.getContext("2d", {willReadFrequently: true}), style = getComputedStyle(document.documentElement);
      const colour = (key) => style.getPropertyValue("--" + key);
      pen.scale(scale, scale);
      pen.fillStyle = colour("bg");
      pen.fillRect(0, 0, 64, size);
      const y = (order) => yOf(order) / height * size, w = 52 / Math.max(1, NODES);
      for (const f of faults) {
        pen.fillStyle = colour("fault");
        pen.globalAlpha = 0.35;
        pen.fillRect(0, y(f.order), 64, 1);
      }
      pen.globalAlpha = 1;
      for (let node = 0; node < NODES; node++) {
        for (const band of roleSpans[node]) {
          if (band.role === "unknown") continue;
          pen.fillStyle = colour(ROLES.includes(band.role) ? band.role : "down");
          const top = y(band.from);
          pen.fillRect(6 + node * w + 1, top, w - 2, Math.max(1, y(band.upTo) - top));
        }
      }
      for (const s of spans) {
        if (s.node < 0) continue;
        pen.fillStyle = colour(s.kind === "diskStalls" ? "stall" : "bg");
        const top = y(s.from), thin = s.kind === "diskStalls" ? 3 : w - 4;
        pen.fillRect(6 + s.node * w + 2, top, thin, Math.max(1, y(s.upTo) - top));
      }
      if (violation) {
        pen.fillStyle = colour("red");
        pen.fillRect(0, Math.min(size - 3, y(violation.order)), 64, 3);
      }
      mapPicture = pen.getImageData(0, 0, map.width, map.height);
    }
    function drawMapWindow() {
      if (!mapPicture) return;
      const pen = map.getContext("2d"), size = map.height / (devicePixelRatio || 1);
      pen.putImageData(mapPicture, 0, 0);
      const top = view.scrollTop / height * size;
      pen.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue("--ink");
      pen.lineWidth = 1.5;
      pen.strokeRect(1, top, 62, Math.max(4, view.clientHeight / height * size));
    }

    // The selected step.
    const FIELDS = ["role", "vote", "purged", "log", "durable", "commit", "applied"];
    function stateTable(order, acting, was, parent) {
      const table = el("table", "", undefined, el("div", "scroll", undefined, parent));
      const head = el("tr", "", undefined, table);
      el("th", "", "", head);
      for (let node = 0; node < NODES; node++) {
        el("th", node === acting ? "acting" : "", name(node), head);
      }
      for (const [index, label] of FIELDS.entries()) {
        const line = el("tr", "", undefined, table);
        el("th", "", label, line);
        for (let node = 0; node < NODES; node++) {
          const face = faceAt(node, order);
          let text = face ? face[index] : "?";
          if (index === 0 && troubleAt(node, "down", order)) text = "stopped";
          const isChanged = node === acting && was && face && was[index] !== face[index];
          const cell = el("td", isChanged ? "changed" : "", text, line);
          if (isChanged) cell.title = "before: " + was[index];
        }
      }
    }

    function link(target, text, parent) {
      const anchor = el("a", "", text, parent);
      anchor.href = "#step-" + target;
      return anchor;
    }
    function list(title, entries, parent, fill) {
      if (!entries.length) return;
      el("h3", "", title, parent);
      const ul = el("ul", "", undefined, parent);
      for (const entry of entries) fill(entry, el("li", "", undefined, ul));
    }
    const plain = (text, item) => { item.textContent = text; };

    function fillSent(m, item) {
      const fate = m.arrivals.length ? "" : m.lost ? ", lost" : ", never arrived here";
      el("span", "", `${m.name} to ${name(m.to)}${fate} `, item)
        .style.color = `var(${colourOf(m.name)})`;
      for (const end of m.arrivals) {
        link(end.step, "step " + end.step, item);
        el("span", "was", ` after ${span(end.time - m.time)} `, item);
      }
      el("div", "was", m.text, item);
    }

    function describe(item) {
      const side = byID("side");
      side.replaceChildren();
      side.scrollTop = 0;
      if (!item) return;
      const title = el("h2", "", "", side);
      const where = item.node >= 0 ? " · " + name(item.node) : "";
      if (item.type === "step") link(item.step, "Step " + item.step, title);
      else el("span", "", {fault: "Event", ask: "Call", answer: "Answer"}[item.type]
        || "Violation", title);
      el("span", "", where + " · " + seconds(item.time), title);
      stateTable(item.order, item.type === "step" ? item.node : -1, item.was, side);
      if (item.type !== "step") {
        el("h3", "", item.title || "What happened", side);
        el("pre", "", item.text, side);
        if (item.call) {
          el("pre", "was", item.call.question + "\n" + (item.call.answer || "no answer yet"), side);
        }
        el("p", "was", "between step " + item.step + " and the next", side);
        return;
      }
      if (item.message) {
        el("h3", "", "Brought by", side);
        const p = el("div", "", undefined, side), m = item.message;
        el("span", "", `${m.name} from ${name(m.from)}, `, p);
        if (m.step === item.step) {
          el("span", "", "when it left is not known", p);
        } else {
          el("span", "", "sent in ", p);
          if (stepOf.has(m.step)) link(m.step, "step " + m.step, p);
          else el("span", "", "step " + m.step, p);
          el("span", "was", ` ${span(item.time - m.time)} before`, p);
        }
      }
      list("Changed", item.changes, side, plain);
      el("h3", "", "Input", side);
      el("pre", "", item.text, side);
      list("Wanted done", item.commands, side, plain);
      list("Sent", item.sent, side, fillSent);
      const face = item.now;
      if (!face) return;
      el("h3", "", "Members", side);
      el("pre", "", face[7], side);
      if (face[8]) el("p", "was mono", "state " + face[8], side);
    }
    """#
}
