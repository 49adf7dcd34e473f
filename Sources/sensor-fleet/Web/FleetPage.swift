import RaftHTTP

/// The page that every server shows in a browser: the servers, the shards, the latest changes.
///
/// It asks the server for `/fleet` every second and loads nothing from elsewhere.
enum FleetPage {
  /// The page.
  static let response = HTTPResponse(
    headers: ["Content-Type": "text/html; charset=utf-8"],
    body: Array((Self.head + Self.script).utf8))

  private static let head = """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>sensor-fleet</title>
    <link rel="icon" href="data:,">
    <style>
    body { font: 14px/1.45 system-ui, sans-serif; margin: 1.5rem; color: #1c2430; background: #f6f7f9 }
    h1 { font-size: 1.3rem; margin: 0 0 .3rem } h2 { font-size: 1rem; margin: 1.4rem 0 .4rem }
    table { border-collapse: collapse; background: #fff }
    th, td { padding: .25rem .7rem; border: 1px solid #dde1e7; text-align: right }
    th { background: #eef1f5; font-weight: 600 } td.t, th.t { text-align: left }
    .leader { font-weight: 700 } .failed, .gone { color: #b3261e } .leaving { color: #8a6100 }
    #shards { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: .4rem }
    .shard { background: #fff; border: 1px solid #dde1e7; border-left: .5rem solid #999; padding: .3rem .5rem }
    .shard b { font-weight: 600 } .shard.moving { background: #fff7e0 } .shard.orphan { background: #fde7e5 }
    .shard small { color: #5c6675 } #rate { font-size: 1.6rem; font-weight: 700 }
    #history { font: 12px/1.5 ui-monospace, monospace; background: #fff; border: 1px solid #dde1e7; padding: .5rem }
    </style>
    </head>
    <body>
    <h1>sensor-fleet</h1>
    <p><span id="rate">-</span> readings acknowledged a second, <span id="count">0</span> in all;
    <span id="motion">0</span> shards in motion. <span id="trouble" class="gone"></span></p>
    <h2>Servers</h2>
    <table id="servers"><thead><tr><th>server</th><th class="t">zone</th><th class="t">address</th>
    <th class="t">state</th><th class="t">in the log</th><th>term</th><th>last</th><th>committed</th>
    <th>applied</th><th>lag</th><th>primary of</th><th>in sync</th><th>filling</th></tr></thead>
    <tbody></tbody></table>
    <h2>Shards: primary*, in sync, (+filling)</h2>
    <div id="shards"></div>
    <h2>Latest changes</h2>
    <div id="history"></div>

    """

  private static let script = """
    <script>
    "use strict";
    const hue = id => `hsl(${id * 67 % 360} 60% 45%)`;
    let before = null;
    function row(cells) {
      const row = document.createElement("tr");
      for (const [text, name] of cells) {
        const cell = document.createElement("td");
        cell.textContent = text; cell.className = name || "";
        row.append(cell);
      }
      return row;
    }
    function showServers(fleet) {
      const shards = fleet.configuration.shards;
      const last = Math.max(0, ...fleet.servers.map(s => s.status ? s.status.raft.last || 0 : 0));
      const rows = fleet.servers.map(server => {
        const known = fleet.configuration.servers.find(s => s.id === server.id);
        const raft = server.status ? server.status.raft : null;
        const role = raft ? raft.state : "no answer";
        const count = test => shards.filter(test).length;
        return row([
          [server.id], [known.zone, "t"], [known.address, "t"], [known.state, "t " + known.state],
          [role, "t " + (raft ? role : "gone")], [raft ? raft.term : "-"], [raft ? raft.last : "-"],
          [raft ? raft.committed : "-"], [raft ? raft.applied : "-"],
          [raft ? last - (raft.applied || 0) : "-"], [count(s => s.primary === server.id)],
          [count(s => s.in_sync.includes(server.id))],
          [count(s => s.filling.some(f => f.server === server.id))]]);
      });
      document.querySelector("#servers tbody").replaceChildren(...rows);
    }
    function showShards(shards) {
      document.querySelector("#shards").replaceChildren(...shards.map(shard => {
        const card = document.createElement("div");
        card.className = "shard" + (shard.filling.length ? " moving" : "")
          + (shard.primary === null ? " orphan" : "");
        if (shard.primary !== null) card.style.borderLeftColor = hue(shard.primary);
        const name = document.createElement("b");
        name.textContent = "shard " + shard.shard;
        const epoch = document.createElement("small");
        epoch.textContent = " epoch " + shard.epoch;
        const holders = document.createElement("div");
        holders.textContent = shard.in_sync.map(id => id + (id === shard.primary ? "*" : ""))
          .concat(shard.filling.map(f => `(+${f.server})`)).join("  ");
        card.append(name, epoch, holders);
        return card;
      }));
    }
    function showHistory(history) {
      document.querySelector("#history").replaceChildren(...history.slice(-16).reverse().map(h => {
        const line = document.createElement("div"), a = h.assignment;
        line.textContent = `log ${h.index}: shard ${a.shard} epoch ${a.epoch}: `
          + a.in_sync.map(id => id + (id === a.primary ? "*" : "")).join(" ")
          + a.filling.map(f => ` (+${f.server})`).join("") + ` - ${h.cause}`;
        return line;
      }));
    }
    function showRate(fleet) {
      const count = fleet.servers.reduce(
        (sum, s) => sum + (s.status ? s.status.acknowledged_readings : 0), 0);
      const now = performance.now();
      if (before && count >= before.count) {
        const rate = (count - before.count) / (now - before.at) * 1000;
        document.querySelector("#rate").textContent = Math.round(rate).toLocaleString("en");
      }
      before = { count, at: now };
      document.querySelector("#count").textContent = count.toLocaleString("en");
      document.querySelector("#motion").textContent =
        fleet.configuration.shards.filter(s => s.filling.length).length;
    }
    async function refresh() {
      try {
        const fleet = await (await fetch("/fleet")).json();
        showServers(fleet); showShards(fleet.configuration.shards);
        showHistory(fleet.configuration.history); showRate(fleet);
        document.querySelector("#trouble").textContent = "";
      } catch (error) {
        document.querySelector("#trouble").textContent = "This server does not answer: " + error;
      }
      setTimeout(refresh, 1000);
    }
    refresh();
    </script>
    </body>
    </html>

    """
}
