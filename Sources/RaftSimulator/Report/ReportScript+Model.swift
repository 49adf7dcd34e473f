extension ReportScript {
  /// The data, taken apart and connected.
  static let model = #"""
    const byID = (id) => document.getElementById(id);
    const data = JSON.parse(byID("data").textContent);
    const NODES = data.nodes.length;
    const name = (node) => node < 0 ? "all" : "n" + data.nodes[node];
    const moment = (m) => m && m[0] >= 0 ? {order: m[0], step: m[1], time: m[2]} : null;

    const messages = data.messages.map((m) => ({
      type: "message", order: m[0], step: m[1], time: m[2], number: m[3], name: m[4],
      text: m[5], from: m[6], to: m[7], arrivals: m[8].map(moment), lost: moment(m[9]),
    }));
    const messageOf = new Map(messages.map((m) => [m.number, m]));
    const steps = data.steps.map((s) => ({
      type: "step", order: s[0], step: s[1], time: s[2], node: s[3], kind: s[4], text: s[5],
      message: messageOf.get(s[6]) || null, commands: s[7], changes: s[8], after: s[9],
      sent: [],
    }));
    const stepOf = new Map(steps.map((s) => [s.step, s]));
    for (const m of messages) {
      const s = stepOf.get(m.step);
      if (s && s.node === m.from) s.sent.push(m);
    }
    const faults = data.faults.map((f) => ({
      type: "fault", order: f[0], step: f[1], time: f[2], node: f[3], text: f[4],
    }));
    const spans = data.spans.map((s) => ({
      kind: s[0], node: s[1], from: s[2], upTo: s[3], groups: s[4], deaf: s[5],
    }));
    const calls = data.calls.map((c) => ({
      number: c[3], node: c[4], question: c[5], answer: c[6], ending: c[7],
      asked: {order: c[0], step: c[1], time: c[2]}, ended: moment(c[8]),
    }));
    const violation = data.violation && {
      type: "violation", order: data.violation[0], step: data.violation[1],
      time: data.violation[2], node: -1, title: data.violation[3], text: data.violation[4],
    };

    // States: what a step that changed nothing leaves is what it found.
    const facesOf = data.before.map((face) => [{order: -1, face}]);
    for (const s of steps) {
      const past = facesOf[s.node];
      s.was = past[past.length - 1].face;
      s.now = s.after === 0 ? s.was : s.after || s.was;
      if (s.now !== s.was) past.push({order: s.order, face: s.now});
      s.turns = Boolean(s.was && s.now && s.was[0] !== s.now[0]);
    }
    // The first place whose value is not before the wanted one.
    function lowerBound(list, wanted, value) {
      let low = 0, high = list.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (value(list[middle]) < wanted) low = middle + 1; else high = middle;
      }
      return low;
    }
    function faceAt(node, order) {
      const past = facesOf[node];
      return past[Math.max(0, lowerBound(past, order + 1, (p) => p.order) - 1)].face;
    }
    const roleSpans = facesOf.map((past) => {
      const bands = [];
      for (const {order, face} of past) {
        const role = face ? face[0] : "unknown";
        const last = bands[bands.length - 1];
        if (last && last.role === role) continue;
        if (last) last.upTo = order;
        bands.push({role, from: order, upTo: data.end});
      }
      return bands;
    });
    const troubleAt = (node, kind, order) =>
      spans.some((s) => s.kind === kind && s.node === node && s.from <= order && order < s.upTo);

    // Calls side by side: each takes the first column that is free.
    const free = [];
    for (const call of calls) {
      let slot = free.findIndex((end) => end < call.asked.order);
      if (slot < 0) slot = free.length;
      free[slot] = call.ended ? call.ended.order : Infinity;
      call.slot = slot % 8;
    }
    const items = [...steps, ...faults];
    for (const call of calls) {
      items.push({type: "ask", call, node: call.node, text: call.question, ...call.asked});
      if (call.ended) {
        items.push({type: "answer", call, node: call.node, text: call.answer, ...call.ended});
      }
    }
    if (violation) items.push(violation);
    items.sort((a, b) => a.order - b.order);

    const FAMILIES = [
      [/^heartbeat/, "--beat"], [/append/, "--append"], [/vote/, "--vote"],
      [/snapshot/, "--snap"],
    ];
    const colourOf = (kind) => (FAMILIES.find(([like]) => like.test(kind)) || [0, "--other"])[1];
    const seconds = (time) => (time / 1e9).toFixed(6) + " s";
    const span = (time) => time < 1e6 ? (time / 1e3).toFixed(0) + " µs"
      : time < 1e9 ? (time / 1e6).toFixed(1) + " ms" : (time / 1e9).toFixed(2) + " s";
    const inputName = (s) => s.message ? s.message.name + " from " + name(s.message.from) : s.kind;
    """#
}
