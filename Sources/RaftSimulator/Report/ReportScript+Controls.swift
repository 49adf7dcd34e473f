extension ReportScript {
  /// Selecting, scrolling, filtering, keys, printing.
  static let controls = #"""
    function select(item, how) {
      if (!item) return;
      selected = item;
      describe(item);
      if (how !== "quiet") {
        const y = yOf(item.order), top = view.scrollTop, size = view.clientHeight;
        if (how === "centre" || y < top + 40 || y > top + size - 60) {
          view.scrollTop = y - size / 2.5;
        }
      }
      draw(true);
      if (item.type === "step" && location.hash !== "#step-" + item.step) {
        try { history.replaceState(null, "", "#step-" + item.step); } catch (_) { /* file: */ }
      }
    }

    // A step that the filters hide is shown nevertheless when somebody asks for it.
    function follow() {
      const number = /^#step-(\d+)$/.exec(location.hash);
      if (!number || !steps.length) return false;
      const wanted = Number(number[1]);
      const item = stepOf.get(wanted)
        || steps[Math.min(steps.length - 1, lowerBound(steps, wanted, (s) => s.step))];
      if (!isShown(item)) {
        filter.changes = byID("changes").checked = false;
        if (!isShown(item)) clearFilters();
        relayout();
      }
      select(item, "centre");
      return true;
    }
    function clearFilters() {
      filter.text = byID("search").value = "";
      byID("from").value = byID("till").value = "";
      filter.from = 0;
      filter.till = Infinity;
      for (const chip of document.querySelectorAll(".chip")) {
        if (chip.getAttribute("aria-pressed") === "false") chip.click();
      }
    }

    function chip(text, colour, parent, toggle) {
      const button = el("button", "chip", text, parent);
      button.style.setProperty("--c", `var(${colour})`);
      button.setAttribute("aria-pressed", "true");
      button.onclick = () => {
        const isOn = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", isOn);
        toggle(isOn);
        relayout();
      };
    }
    for (let node = 0; node < NODES; node++) {
      chip(name(node), "--follower", byID("nodes"), (isOn) => { filter.nodes[node] = isOn; });
    }
    for (const kind of kinds.keys()) {
      const colour = kind === "clients" ? "--ok" : kind === "faults" ? "--fault" : colourOf(kind);
      chip(kind, colour, byID("kinds"), (isOn) => { kinds.set(kind, isOn); });
    }
    byID("search").oninput = (event) => {
      filter.text = event.target.value.trim().toLowerCase();
      relayout();
    };
    byID("changes").onchange = (event) => {
      filter.changes = event.target.checked;
      relayout();
    };
    const readTime = (id, otherwise) => {
      const value = Number(byID(id).value.replace(",", "."));
      return byID(id).value.trim() && value >= 0 ? value * 1e9 : otherwise;
    };
    byID("from").onchange = byID("till").onchange = () => {
      filter.from = readTime("from", 0);
      filter.till = readTime("till", Infinity);
      relayout();
    };

    function setZoom(to) {
      zoom = Math.min(4, Math.max(0.15, to));
      relayout();
    }
    function setWide(to) {
      wide = Math.min(3, Math.max(0.5, to));
      relayout();
    }
    byID("in").onclick = () => setZoom(zoom * 1.25);
    byID("out").onclick = () => setZoom(zoom / 1.25);
    byID("fit").onclick = () => { wide = 1; setZoom(1); };
    byID("wide").onclick = () => setWide(wide * 1.2);
    byID("narrow").onclick = () => setWide(wide / 1.2);
    const goal = () => violation || rows[rows.length - 1]?.item;
    byID("goto").textContent = violation ? "violation" : "end";
    byID("goto").onclick = () => select(goal(), "centre");
    byID("keys").onclick = () => byID("help").showModal();

    // Pointer: hover tells, click selects, drag moves.
    const tip = byID("tip");
    let grab = null;
    view.onpointerdown = (event) => {
      if (event.button !== 0 || event.offsetX > view.clientWidth + 1e5) return;
      grab = {x: event.clientX, y: event.clientY, left: view.scrollLeft, top: view.scrollTop};
    };
    window.addEventListener("pointermove", (event) => {
      if (grab && event.buttons === 0) grab = null;
      if (grab) {
        const dx = event.clientX - grab.x, dy = event.clientY - grab.y;
        if (grab.moved || Math.abs(dx) + Math.abs(dy) > 5) {
          grab.moved = true;
          view.classList.add("grab");
          view.scrollLeft = grab.left - dx;
          view.scrollTop = grab.top - dy;
        }
      }
      const text = !grab?.moved && event.target.tip;
      tip.hidden = !text;
      if (!text) return;
      tip.textContent = text;
      const box = tip.getBoundingClientRect();
      tip.style.left = Math.min(event.clientX + 14, innerWidth - box.width - 8) + "px";
      tip.style.top = Math.min(event.clientY + 16, innerHeight - box.height - 8) + "px";
    });
    window.addEventListener("pointerup", (event) => {
      const moved = grab?.moved;
      grab = null;
      view.classList.remove("grab");
      if (!moved && view.contains(event.target) && event.target.pick) {
        select(event.target.pick, "near");
      }
    });
    let isDue = false;
    view.addEventListener("scroll", () => {
      tip.hidden = true;
      if (isDue) return;
      isDue = true;
      requestAnimationFrame(() => { isDue = false; draw(false); });
    });
    view.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      setZoom(zoom * (event.deltaY < 0 ? 1.12 : 1 / 1.12));
    }, {passive: false});
    let isOnMap = false;
    const jump = (event) => {
      const box = map.getBoundingClientRect();
      view.scrollTop = (event.clientY - box.top) / box.height * height - view.clientHeight / 2;
    };
    map.onpointerdown = (event) => {
      isOnMap = true;
      map.setPointerCapture(event.pointerId);
      jump(event);
    };
    map.onpointermove = (event) => { if (isOnMap) jump(event); };
    map.onpointerup = () => { isOnMap = false; };

    // Keys.
    function walk(direction, isWanted) {
      const order = selected ? selected.order : direction > 0 ? -1 : Infinity;
      let at = lowerBound(rows, order, (r) => r.item.order);
      if (direction < 0) at -= 1;
      else if (rows[at]?.item.order === order) at += 1;
      while (rows[at] && !isWanted(rows[at].item)) at += direction;
      if (rows[at]) select(rows[at].item, "near");
    }
    const isAny = () => true, turns = (item) => item.turns || item.type === "violation";
    const sameNode = (item) => item.node === selected?.node;
    const KEYS = {
      ArrowDown: () => walk(1, isAny), j: () => walk(1, isAny),
      ArrowUp: () => walk(-1, isAny), k: () => walk(-1, isAny),
      ArrowRight: () => walk(1, sameNode), n: () => walk(1, sameNode),
      ArrowLeft: () => walk(-1, sameNode), p: () => walk(-1, sameNode),
      "]": () => walk(1, turns), "[": () => walk(-1, turns),
      m: () => selected?.message && select(stepOf.get(selected.message.step), "near"),
      v: () => select(goal(), "centre"),
      Home: () => select(rows[0]?.item, "centre"),
      End: () => select(rows[rows.length - 1]?.item, "centre"),
      "+": () => setZoom(zoom * 1.25), "=": () => setZoom(zoom * 1.25),
      "-": () => setZoom(zoom / 1.25), "0": () => { wide = 1; setZoom(1); },
      ">": () => setWide(wide * 1.2), "<": () => setWide(wide / 1.2),
      c: () => byID("changes").click(),
      "/": () => byID("search").focus(),
      "?": () => byID("help").showModal(),
    };
    document.addEventListener("keydown", (event) => {
      if (event.target.matches?.("input")) {
        if (event.key !== "Escape") return;
        if (event.target.id === "search") event.target.value = filter.text = "";
        relayout();
        return view.focus();
      }
      if (event.ctrlKey || event.metaKey || event.altKey || byID("help").open) return;
      const action = KEYS[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    });

    // The signs, drawn as they are in the diagram.
    for (const [draw, text] of [
      ...ROLES.map((r) => [(s) => make("rect",
        {x: 18, y: 1, width: 9, height: 16, rx: 2, fill: `var(--${r})`}, s), r]),
      [(s) => make("rect", {x: 17, y: 1, width: 12, height: 16, fill: "none",
        stroke: "var(--down)", "stroke-dasharray": "3 3"}, s), "stopped"],
      [(s) => make("rect", {x: 20, y: 1, width: 4, height: 16, fill: "var(--stall)"}, s),
        "its disk stalls"],
      [(s) => ["0", "1"].map((g) => make("rect",
        {x: 16 + 8 * g, y: 1, width: 5, height: 16, fill: `var(--g${g})`}, s)),
        "links are cut; bars of one colour reach each other"],
      ...["answered", "refused", "unknown"].map((e) => [(s) => make("rect",
        {x: 20, y: 1, width: 4, height: 16, rx: 2, fill: `var(${ENDS[e]})`}, s),
        "client's call: " + (e === "unknown" ? "outcome unknown" : e)]),
      [(s) => { make("line", {x1: 2, x2: 36, y1: 4, y2: 14, class: "arrow",
        stroke: "var(--append)"}, s); arrowHead(2, 4, 38, 14, "var(--append)", s); },
        "message; steeper is slower"],
      [(s) => { make("line", {x1: 2, x2: 30, y1: 4, y2: 13, class: "arrow",
        "stroke-dasharray": "6 3", stroke: "var(--append)"}, s);
        make("path", {d: "M25 8l10 10m0 -10l-10 10", stroke: "var(--red)",
          "stroke-width": 2}, s); }, "message that is lost"],
    ]) {
      const li = el("li", "", undefined, byID("signs"));
      draw(make("svg", {width: 44, height: 18}, li));
      li.append(text);
    }

    // Paper gets the rows that are shown, at most 600 around the selected one.
    window.addEventListener("beforeprint", () => {
      const at = selected ? lowerBound(rows, selected.order, (r) => r.item.order) : rows.length;
      const first = Math.max(0, Math.min(at - 300, rows.length - 600));
      const from = rows[first]?.from || 0, last = rows[Math.min(rows.length, first + 600) - 1];
      const pages = [];
      for (let y = from; y < (last?.upTo || 0); y += 900) {
        pages.push(slice(y, Math.min(last.upTo, y + 900)));
      }
      byID("paper").replaceChildren(byID("heads").cloneNode(true), ...pages);
    });
    window.addEventListener("afterprint", () => byID("paper").replaceChildren());
    window.addEventListener("hashchange", follow);
    window.addEventListener("resize", relayout);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", relayout);

    relayout();
    if (!follow()) {
      const broken = violation && stepOf.get(violation.step);
      select(broken || rows[rows.length - 1]?.item, "centre");
      if (violation) view.scrollTop = height;
    }
    view.focus({preventScroll: true});
    """#
}
