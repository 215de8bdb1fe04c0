"use strict";

// The list of documents: searched, filtered and sorted in memory, and drawn in parts of fifty rows.
(() => {
  const PART = 50;
  const AT_ONCE = 15;
  // The columns of the data files, in their order.
  const FIELDS = ["key", "source", "title", "site", "language", "kind", "state", "words", "share", "count", "noises",
    "score", "paged", "detail"];
  const TEXTS = new Set(["title", "site", "language", "state"]);
  const FILTERS = ["q", "site", "language", "state", "noise", "least", "most"];
  const all = [];
  let order = [];
  let found = [];
  let part = 0;
  let later = 0;
  let sorted = { by: "score", down: true };

  const byId = (id) => document.getElementById(id);
  // Whoever searches for "facade" finds "Façade", too.
  const folded = (text) => text.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase();

  review.rows = (rows) => {
    for (const row of rows) {
      const each = Object.fromEntries(FIELDS.map((field, place) => [field, row[place]]));
      each.hay = folded(`${each.title}\n${each.source}`);
      each.title = each.title || each.source;
      all.push(each);
    }
  };

  function sort() {
    const { by, down } = sorted;
    const collator = new Intl.Collator(undefined, { numeric: true });
    order = all.map((_, place) => place);
    order.sort((one, other) => {
      const a = all[one][by];
      const b = all[other][by];
      return (TEXTS.has(by) ? collator.compare(a, b) : a - b) * (down ? -1 : 1) || one - other;
    });
    for (const button of document.querySelectorAll("[data-sort]")) {
      const direction = button.dataset.sort !== by ? "none" : down ? "descending" : "ascending";
      button.closest("th").setAttribute("aria-sort", direction);
    }
  }

  function filter() {
    const words = folded(byId("q").value).split(/\s+/).filter(Boolean);
    const [site, language, state, noise] = ["site", "language", "state", "noise"].map((id) => byId(id).value);
    const bit = noise ? byId("noise").selectedIndex - 1 : -1;
    const least = byId("least").value === "" ? -1 : Number(byId("least").value) / 100;
    const most = byId("most").value === "" ? 2 : Number(byId("most").value) / 100;
    const ranged = least >= 0 || most <= 1;
    const paged = byId("paged").checked;
    found = order.filter((place) => {
      const each = all[place];
      return (!site || each.site === site) && (!language || each.language === language) &&
        (!state || each.state === state) && (bit < 0 || (each.noises >> bit) & 1) && (!paged || each.paged) &&
        (!ranged || (each.kind && each.share >= least && each.share <= most)) &&
        words.every((word) => each.hay.includes(word));
    });
    part = 0;
    draw();
  }

  const percent = (share) => `${(100 * share).toFixed(1)} %`;

  function row(each) {
    const { element } = review;
    const name = element("bdi", {}, each.title);
    const first = element("th", { scope: "row" },
      each.paged ? element("a", { href: `documents/${each.key}.html` }, name) : name,
      each.paged ? null : element("span", { class: "badge" }, "no page"),
      each.title === each.source ? null : element("span", { class: "below" }, each.source),
      each.detail ? element("span", { class: "below reason" }, each.detail) : null);
    const number = (text) => element("td", { class: "n" }, each.kind ? text : "–");
    return element("tr", {}, first,
      element("td", {}, element("bdi", {}, each.site)), element("td", {}, each.language),
      element("td", {}, element("span", { class: `state ${each.state}` }, each.state)),
      number(each.words.toLocaleString("en")), number(percent(each.share)), number(each.count.toLocaleString("en")),
      number(percent(each.score)));
  }

  function draw() {
    const parts = Math.max(1, Math.ceil(found.length / PART));
    const shown = found.slice(part * PART, (part + 1) * PART).map((place) => all[place]);
    const body = document.querySelector("#list tbody");
    body.replaceChildren(...shown.slice(0, AT_ONCE).map(row));
    const first = body.firstChild;
    clearTimeout(later);
    // What fills the screen is drawn at once, so that a key is answered soon; the rest when nothing else is to do.
    later = setTimeout(() => body.firstChild === first && body.append(...shown.slice(AT_ONCE).map(row)), 300);
    byId("found").textContent = `${found.length.toLocaleString("en")} of ${all.length.toLocaleString("en")} documents`;
    byId("part").textContent = `${part + 1} of ${parts}`;
    byId("earlier").disabled = part === 0;
    byId("later").disabled = part + 1 >= parts;
  }

  // The filters stand in the address, so that a view can be linked to and found again on the way back.
  function write() {
    const wanted = new URLSearchParams(FILTERS.map((id) => [id, byId(id).value]).filter(([, value]) => value));
    if (byId("paged").checked) wanted.set("paged", "1");
    history.replaceState(null, "", `#${wanted}`);
  }

  function read() {
    const wanted = new URLSearchParams(location.hash.slice(1));
    for (const id of FILTERS) byId(id).value = wanted.get(id) || "";
    byId("paged").checked = wanted.get("paged") === "1";
    filter();
  }

  document.addEventListener("DOMContentLoaded", () => {
    sort();
    read();
    byId("filters").addEventListener("input", () => {
      filter();
      write();
    });
    byId("filters").addEventListener("submit", (event) => event.preventDefault());
    byId("filters").addEventListener("reset", () => setTimeout(() => {
      filter();
      write();
    }));
    document.querySelector("#list thead").addEventListener("click", (event) => {
      const button = event.target.closest("[data-sort]");
      if (!button) return;
      const by = button.dataset.sort;
      sorted = { by, down: sorted.by === by ? !sorted.down : !TEXTS.has(by) };
      sort();
      filter();
    });
    for (const [id, step] of [["earlier", -1], ["later", 1]]) {
      byId(id).addEventListener("click", () => {
        part += step;
        draw();
        byId("found").scrollIntoView();
      });
    }
    addEventListener("hashchange", read);
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && !review.isTyping(event)) {
        event.preventDefault();
        byId("q").focus();
      }
    });
  });
})();
