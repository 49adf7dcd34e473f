/// The parts of a report page that are the same for every timeline.
enum ReportMarkup {
  static let text = """
    <nav class="tools" aria-label="Controls">
    <span class="group">
    <input id="search" type="search" placeholder="Search ( / )" aria-label="Search text">
    <span id="hits" role="status"></span>
    </span>
    <label class="group"><input id="changes" type="checkbox" checked> only changes</label>
    <span class="group">
    <input id="from" class="time" inputmode="decimal" placeholder="from s" aria-label="From second">
    <input id="till" class="time" inputmode="decimal" placeholder="to s" aria-label="To second">
    </span>
    <span class="group" role="group" aria-label="Zoom">
    <button id="out" title="Closer together ( - )">&minus;</button>
    <button id="fit" title="Usual size ( 0 )">1:1</button>
    <button id="in" title="Further apart ( + )">+</button>
    <button id="narrow" title="Narrower columns ( &lt; )">&rarr;&larr;</button>
    <button id="wide" title="Wider columns ( &gt; )">&larr;&rarr;</button>
    </span>
    <span class="group">
    <button id="goto" title="To the violation, or to the end ( v )">end</button>
    <button id="keys" title="Keys and signs ( ? )">?</button>
    </span>
    <span class="group" id="nodes" role="group" aria-label="Nodes"></span>
    <span class="group" id="kinds" role="group" aria-label="Kinds"></span>
    </nav>
    <main>
    <div class="left">
    <div id="heads" aria-hidden="true"></div>
    <div id="view" tabindex="0" role="application"
    aria-label="Sequence diagram; arrow keys go from step to step">
    <div id="field"></div>
    </div>
    </div>
    <canvas id="map" width="64" height="400" title="The whole run; click to go there"></canvas>
    <aside id="side" aria-live="polite" aria-label="The selected step"></aside>
    </main>
    <div id="tip" role="tooltip" hidden></div>
    <dialog id="help" aria-label="Keys and signs">
    <h2>Keys</h2>
    <dl>
    <dt>&darr; &uarr; or j k</dt><dd>next and previous step that is shown</dd>
    <dt>&rarr; &larr; or n p</dt><dd>next and previous step of the same node</dd>
    <dt>m</dt><dd>to the other end of the message that brought the step</dd>
    <dt>] [</dt><dd>next and previous change of a role</dd>
    <dt>v, Home, End</dt><dd>violation (or end), begin, end</dd>
    <dt>+ &minus; 0</dt><dd>zoom; so does the wheel with Ctrl held</dd>
    <dt>&lt; &gt;</dt><dd>narrower and wider columns</dd>
    <dt>c</dt><dd>only changes, or everything</dd>
    <dt>/</dt><dd>search; Escape clears</dd>
    </dl>
    <h2>Signs</h2>
    <ul id="signs" class="signs"></ul>
    <form method="dialog"><button>Close</button></form>
    </dialog>
    <section id="paper" aria-hidden="true"></section>
    <noscript><p>This page draws with JavaScript, which is switched off.</p></noscript>
    """
}
