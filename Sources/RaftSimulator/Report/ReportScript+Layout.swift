extension ReportScript {
  /// What is shown, and where.
  static let layout = #"""
    const view = byID("view"), field = byID("field");
    const kinds = new Map([...new Set(messages.map((m) => m.name))].sort().map((k) => [k, true]));
    if (calls.length) kinds.set("clients", true);
    if (faults.length) kinds.set("faults", true);
    const filter = {
      text: "", changes: true, kinds, nodes: data.nodes.map(() => true), from: 0, till: Infinity,
    };
    let zoom = 1, wide = 1, rows = [], height = 0, width = 0;
    let laneX = [], clientX = 0, laneWidth = 0, buckets = new Map(), rowAt = new Map();
    const GUTTER = 122, BUCKET = 400, LINE = 13;

    const haystack = (item) => item.hay || (item.hay = [
      "step-" + item.step, item.kind, item.text, item.name, item.title, item.message?.name,
      ...(item.commands || []), ...(item.changes || []),
      item.node >= 0 ? name(item.node) : "",
    ].join("\n").toLowerCase());

    function isShown(item) {
      if (item.type === "violation") return true;
      if (violation && item.type === "step" && item.step === violation.step) return true;
      if (item.time < filter.from || item.time > filter.till) return false;
      if (item.node >= 0 && !filter.nodes[item.node]) return false;
      if (item.type === "fault" && !filter.kinds.get("faults")) return false;
      if (item.call && !filter.kinds.get("clients")) return false;
      if (item.type === "step") {
        if (item.message && !filter.kinds.get(item.message.name)) return false;
        if (filter.changes && !item.changes.length && item.after !== null) return false;
      }
      return !filter.text || haystack(item).includes(filter.text);
    }

    // A text in lines of about so many pixels.
    function wrap(text, room, style, into) {
      const most = Math.max(8, Math.floor(room / (style === "what" ? 6.4 : 5.9)));
      let line = "";
      const push = () => { if (line) into.push({text: line, style}); line = ""; };
      for (let word of text.split(" ")) {
        if (line && line.length + 1 + word.length > most) push();
        while (word.length > most) {
          into.push({text: word.slice(0, most), style});
          word = word.slice(most);
        }
        line += (line ? " " : "") + word;
      }
      push();
    }

    function linesOf(item) {
      if (zoom < 0.5) return [];
      const room = laneWidth - 34, lines = [];
      if (item.type === "step") {
        wrap(inputName(item), room, "what", lines);
        for (const change of item.changes) wrap(change, room, "", lines);
      } else if (item.type === "fault") {
        const text = item.text.split("\n")[0];
        wrap(text, item.node < 0 ? width - GUTTER - 40 : room, "faulttext", lines);
      } else if (item.type === "violation") {
        lines.push({text: item.title + " is broken in step " + item.step, style: "badtext"});
      } else {
        wrap(item.text, laneWidth - 28, "", lines);
      }
      const most = zoom < 0.8 ? 1 : 6;
      if (lines.length > most) {
        lines.length = most;
        lines[most - 1] = {text: lines[most - 1].text + " …", style: lines[most - 1].style};
      }
      return lines;
    }

    function placeLanes() {
      const shown = filter.nodes.filter(Boolean).length;
      const hasClients = calls.length > 0 && filter.kinds.get("clients");
      const lanes = shown + (hasClients ? 1 : 0);
      const room = view.clientWidth - GUTTER - 4;
      laneWidth = Math.max(132, (room - (hasClients ? 48 : 0)) / Math.max(1, lanes)) * wide;
      let x = GUTTER;
      clientX = hasClients ? x + 8 : -1;
      if (hasClients) x += laneWidth + 48;
      laneX = data.nodes.map((_, node) => {
        if (!filter.nodes[node]) return -1;
        x += laneWidth;
        return x - laneWidth + 22;
      });
      width = Math.max(view.clientWidth, x);
    }

    function placeRows() {
      rows = [];
      rowAt = new Map();
      let y = 14, last = null;
      for (const item of items) {
        if (!isShown(item)) continue;
        const lines = linesOf(item);
        const pause = last ? item.time - last.time : 0;
        const air = Math.min(44, 7 * Math.log2(1 + pause / 1e6)) * Math.min(3, zoom);
        const from = y;
        y += air;
        const size = Math.max(lines.length * LINE + 7, 16 * Math.min(1, zoom)) * Math.max(1, zoom);
        rowAt.set(item.order, rows.length);
        rows.push({item, lines, from, y: y + 8 * Math.min(1, zoom), upTo: y + size, pause, air});
        y += size;
        last = item;
      }
      height = y + 30;
    }

    // Where something stands; between two rows for what has no row.
    function yOf(order) {
      const at = lowerBound(rows, order, (r) => r.item.order);
      if (at >= rows.length) return height - 16;
      const row = rows[at];
      if (row.item.order === order) return row.y;
      if (at === 0) return Math.min(4, row.y);
      const before = rows[at - 1];
      const part = (order - before.item.order) / (row.item.order - before.item.order);
      return before.y + (row.y - before.y) * part;
    }

    function placeMessages() {
      buckets = new Map();
      const add = (arrow) => {
        const first = Math.floor((Math.min(arrow.y1, arrow.y2) - 20) / BUCKET);
        const last = Math.floor((Math.max(arrow.y1, arrow.y2) + 20) / BUCKET);
        for (let b = first; b <= last; b++) {
          if (!buckets.has(b)) buckets.set(b, []);
          buckets.get(b).push(arrow);
        }
      };
      const all = !filter.changes && !filter.text;
      for (const m of messages) {
        if (!filter.kinds.get(m.name) || !filter.nodes[m.from] || !filter.nodes[m.to]) continue;
        if (m.time > filter.till) continue;
        const sender = stepOf.get(m.step), isOwn = sender?.node === m.from;
        const sentAt = yOf(isOwn ? sender.order : m.order), isSentShown = rowAt.has(sender?.order);
        for (const [copy, end] of m.arrivals.entries()) {
          if (end.time < filter.from || !(all || rowAt.has(end.order))) continue;
          // When it left is not known if the step that took it is all there is.
          const y1 = end.step === m.step ? yOf(end.order) : sentAt;
          add({m, end, copy, y1, y2: yOf(end.order), fate: "arrived"});
        }
        if (m.arrivals.length || m.time < filter.from || !(all || isSentShown)) continue;
        const y1 = sentAt;
        const y2 = m.lost && yOf(m.lost.order) > y1 + 20 ? yOf(m.lost.order) : y1 + 16;
        add({m, end: m.lost, copy: 0, y1, y2, fate: m.lost ? "lost" : "open"});
      }
    }

    function relayout() {
      const anchor = rows.length ? rowAtY(view.scrollTop + view.clientHeight / 3) : null;
      const offset = anchor ? anchor.y - view.scrollTop : 0;
      placeLanes();
      placeRows();
      placeMessages();
      field.style.width = width + "px";
      field.style.height = height + "px";
      if (anchor) view.scrollTop = yOf(anchor.item.order) - offset;
      byID("hits").textContent = rows.length + " of " + items.length;
      drawHeads();
      drawMap();
      draw(true);
    }

    const rowAtY = (y) =>
      rows[Math.min(rows.length - 1, lowerBound(rows, y, (r) => r.upTo))] || null;
    """#
}
