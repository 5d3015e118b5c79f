/// What is the same in every page; its hash stands in the page's policy.
enum WebPageParts {
    static let style = """
        :root { color-scheme: light dark; --up: #1a7f37; --down: #0969da; --rail: #c8ccd1; --soft: #656d76; --back: #fff; --raised: #f6f8fa; --warn: #b35900; --fail: #cf222e; --top: 8rem }
        @media (prefers-color-scheme: dark) { :root { --up: #3fb950; --down: #58a6ff; --rail: #3d444d; --soft: #9198a1; --back: #0d1117; --raised: #161b22; --warn: #e3a04f; --fail: #ff7b72 } }
        html { scroll-padding-top: var(--top) }
        body { font: 14px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 70rem; padding: 0 1rem 3rem; background: var(--back) }
        header { position: sticky; top: 0; background: var(--back); padding: .6rem 0; border-bottom: 1px solid var(--rail); z-index: 1 }
        h1 { font-size: 1.3rem; margin: 0 } h2 { font-size: 1.05rem; margin: 1.6rem 0 .2rem } header p { margin: .1rem 0 .5rem; color: var(--soft) }
        input { font: inherit; width: min(24rem, 55vw); padding: .25rem .5rem } button { font: inherit }
        #list { margin-top: .4rem } #list > summary { display: list-item; list-style: disclosure-closed; margin-left: 1.2rem } #list[open] > summary { list-style-type: disclosure-open }
        nav { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: .1rem 1rem; max-height: 30vh; overflow: auto; padding: .3rem 0 }
        .who { margin: 0; color: var(--soft) }
        .ends { display: flex; justify-content: space-between; margin: .8rem 0 .2rem 12.5rem; font-weight: 600 }
        .packet { margin: 0 0 0 0; padding: .25rem 0; content-visibility: auto; contain-intrinsic-size: auto 3.4rem; border-radius: 4px }
        summary { display: grid; grid-template-columns: 3rem 5.2rem 4.3rem 1fr; cursor: pointer; list-style: none }
        summary::-webkit-details-marker { display: none }
        summary:hover, .packet:target { background: var(--raised) }
        .n { font-weight: 600; font-variant-numeric: tabular-nums } .t, .d { color: var(--soft); font-variant-numeric: tabular-nums }
        .arrow { position: relative; border-left: 2px solid var(--rail); border-right: 2px solid var(--rail); text-align: center }
        .arrow::before { content: ""; position: absolute; left: 2px; right: 2px; bottom: 1px; border-bottom: 2px solid var(--c) }
        .arrow::after { content: ""; position: absolute; bottom: -4px; border: 6px solid transparent }
        .up { --c: var(--up) } .down { --c: var(--down) } .packet.fails { --c: var(--fail) } .event.fails { color: var(--fail) }
        .up .arrow::after { right: 0; border-left-color: var(--c); border-right-width: 0 }
        .down .arrow::after { left: 0; border-right-color: var(--c); border-left-width: 0 }
        .label { font: 600 13px ui-monospace, Menlo, Consolas, monospace; color: var(--c) }
        .told { grid-column: 4; border-left: 2px solid var(--rail); border-right: 2px solid var(--rail); padding: .25rem .7rem .1rem; overflow-wrap: anywhere }
        .finding { display: block } .warning { color: var(--warn); font-weight: 600 } .note { color: var(--soft) }
        .answers { margin-left: .4rem; font-size: 12px }
        pre { margin: .2rem 0 .6rem 12.5rem; padding: .6rem; background: var(--raised); border-left: 4px solid var(--c); overflow: auto; max-height: 32rem; font: 12.5px/1.4 ui-monospace, Menlo, Consolas, monospace }
        .event { margin: .2rem 0 .2rem 12.5rem; padding: .1rem .7rem; color: var(--soft); border-left: 2px solid var(--rail); border-right: 2px solid var(--rail); overflow-wrap: anywhere }
        .summary { margin: .8rem 0 0 12.5rem; font-weight: 600 }
        .pair .arrow { background: linear-gradient(90deg, transparent, hsl(var(--h) 70% 60% / .28), transparent) }
        .h0 { --h: 0 } .h1 { --h: 30 } .h2 { --h: 60 } .h3 { --h: 90 } .h4 { --h: 120 } .h5 { --h: 150 } .h6 { --h: 180 } .h7 { --h: 210 } .h8 { --h: 240 } .h9 { --h: 270 } .h10 { --h: 300 } .h11 { --h: 330 }
        [hidden] { display: none }
        @media print { header { position: static } form, #list { display: none } .packet { content-visibility: visible; break-inside: avoid } }
        """

    /// Searching, opening and following links; it reads texts and sets `hidden`, `open` and one measure, nothing else.
    static let script = """
        "use strict";
        const rows = Array.from(document.querySelectorAll(".packet, .event"));
        const sections = Array.from(document.querySelectorAll("section"));
        const isPacket = row => row.tagName === "DETAILS";
        const packets = rows.filter(isPacket).length;
        const search = document.getElementById("search");
        const found = document.getElementById("found");
        const list = document.getElementById("list");
        let texts = null;
        let timer = 0;
        function filter() {
          clearTimeout(timer);
          const wanted = search.value.trim().toLowerCase();
          texts = texts || rows.map(row => row.textContent.toLowerCase());
          let packetCount = 0;
          let eventCount = 0;
          rows.forEach((row, index) => {
            const fits = !wanted || texts[index].includes(wanted);
            row.hidden = !fits;
            if (fits && isPacket(row)) packetCount += 1;
            if (fits && !isPacket(row)) eventCount += 1;
          });
          sections.forEach(section => {
            section.hidden = Boolean(wanted) && !section.querySelector(".packet:not([hidden]), .event:not([hidden])");
          });
          const events = eventCount ? ", " + eventCount + (eventCount === 1 ? " event" : " events") : "";
          found.textContent = wanted ? packetCount + " of " + packets + (packets === 1 ? " packet" : " packets") + events : "";
        }
        function reveal(hash) {
          const target = document.getElementById(hash.slice(1));
          if (target && target.closest("[hidden]")) {
            search.value = "";
            filter();
          }
          return target;
        }
        search.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(filter, 60); });
        search.form.addEventListener("submit", event => { event.preventDefault(); filter(); });
        document.getElementById("all").addEventListener("click", event => {
          const open = event.target.textContent === "Open all";
          rows.forEach(row => { if (isPacket(row) && !row.hidden) row.open = open; });
          event.target.textContent = open ? "Close all" : "Open all";
        });
        document.addEventListener("click", event => {
          const link = event.target.closest("a[href^='#']");
          if (!link) return;
          if (list && list.contains(link)) { list.open = false; measure(); }
          reveal(link.hash);
        });
        window.addEventListener("hashchange", () => {
          const target = reveal(location.hash);
          if (target) target.scrollIntoView();
        });
        const header = document.querySelector("header");
        const measure = () => document.documentElement.style.setProperty("--top", Math.ceil(header.offsetHeight) + 4 + "px");
        new ResizeObserver(measure).observe(header);
        measure();
        if (search.value) filter();
        """
}
