"use strict";

// One document: step through the removals, put text back, say what is wrong.
(() => {
  const byId = (id) => document.getElementById(id);
  const { element, folded } = review;
  const bench = byId("bench");
  const facts = bench ? JSON.parse(bench.dataset.facts) : null;
  let selected = null;

  // What the source says in a row, or in a removal: without labels, and as it stood before repairs.
  function sourceOf(node) {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.matches("button, ins")) return "";
    if (node.dataset.source !== undefined) return node.dataset.source;
    return [...node.childNodes].map(sourceOf).join("");
  }

  const rowOf = (node) => node.closest(".row");
  const edits = (stop) => [...stop.querySelectorAll("[data-e]")].map((each) => facts.cuts[Number(each.dataset.e)]);

  function anchorOf(target) {
    const named = target.matches(".stop") ? target.querySelector("[id]") : null;
    if (named) return named.id;
    const row = rowOf(target);
    return row ? row.id : null;
  }

  // Stops

  // A stretch outside of the article is one stop as long as it is closed.
  function stops() {
    return [...document.querySelectorAll("#text details.outside > summary, #text .stop")].filter((each) => {
      const around = each.closest("details.outside");
      return around === null || (each.matches("summary") ? !around.open : around.open);
    });
  }

  function step(by) {
    const all = stops();
    if (!all.length) return;
    let place = all.indexOf(selected);
    if (place < 0 && selected) {
      place = all.findIndex((each) => selected.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING);
      place = by > 0 ? place - 1 : place;
      if (place < -1) place = all.length;
    } else if (place < 0) {
      place = by > 0 ? -1 : all.length;
    }
    const next = all[Math.min(Math.max(place + by, 0), all.length - 1)];
    select(next, { focus: true });
  }

  function select(target, { focus = false, scroll = true } = {}) {
    for (const old of document.querySelectorAll(".selected")) old.classList.remove("selected");
    selected = target;
    (target.matches("summary") ? target.parentElement : target).classList.add("selected");
    if (scroll) target.scrollIntoView({ block: "center" });
    if (focus) {
      const holder = target.querySelector(".tag, .flag") || target;
      // A block outside of the article has no button of its own.
      if (holder.matches(".stop")) holder.tabIndex = -1;
      holder.focus({ preventScroll: true });
    }
    const anchor = anchorOf(target);
    if (anchor) history.replaceState(null, "", `#${anchor}`);
    inspect();
  }

  // The inspector

  function fact(name, value, code = true) {
    if (value === null || value === undefined) return [];
    return [element("dt", {}, name), element("dd", {}, code ? element("code", {}, value) : value)];
  }

  function inspect() {
    const all = stops();
    const place = all.indexOf(selected);
    byId("where").textContent = place >= 0 ? `${place + 1} of ${all.length}` : `${all.length} removals`;
    const box = byId("selected");
    box.parentElement.classList.add("open");
    if (selected.matches("summary")) {
      box.replaceChildren(
        element("h2", {}, "Outside of the article"),
        element("p", {}, "The extractor did not choose this part of the page. Open it to see and to keep single blocks."),
        element("button", { type: "button", on: { click: openOutside } }, "Open"));
    } else if (selected.matches(".stop")) {
      box.replaceChildren(...removal(selected));
    } else {
      box.replaceChildren(...keptBlock(selected));
    }
  }

  function openOutside() {
    const around = selected.parentElement;
    around.open = true;
    const first = around.querySelector(".stop");
    if (first) select(first, { focus: true });
  }

  const DID = { removed: "Removed", lifted: "Lifted into the metadata", repaired: "Repaired", outside: "Outside of the article" };

  function removal(stop) {
    const mine = edits(stop);
    const [noise, rule, , , xpath, score] = mine[0];
    const did = mine.some((each) => each[2] === "lifted") ? "lifted" : mine[0][2];
    const fields = [...new Set(mine.map((each) => each[3]).filter(Boolean))].join(", ");
    const rules = [...new Set(mine.map((each) => each[1]))];
    const anchor = anchorOf(stop);
    const parts = [
      element("h2", {}, DID[did]),
      element("dl", {},
        ...fact("noise type", noise, false), ...fact(rules.length > 1 ? "rules" : "rule", rules.join(" ")),
        ...fact("went to", fields || null), ...fact("XPath", xpath),
        ...fact("score", score === null ? null : `${score.toFixed(2)}, the probability that it is the article’s`, false),
        element("dt", {}, "link"), element("dd", {}, element("a", { href: `#${anchor}` }, `#${anchor}`))),
    ];
    if (did === "repaired") return parts;
    if (stop.querySelector(".gap")) {
      return [...parts, element("p", { class: "note" }, "Its text is not held in the record, so that it cannot be corrected here.")];
    }
    return [...parts, ...corrector(anchor, (scope) => ({
      what: "keep",
      said: folded(sourceOf(stop)),
      rule: scope.rule ? rule : undefined,
    }), { whole: folded(sourceOf(rowOf(stop).querySelector(".src"))) === folded(sourceOf(stop)), rule: rules.length === 1 ? rule : null })];
  }

  function keptBlock(row) {
    const clean = folded([...row.querySelectorAll(".cln")].map((each) => each.textContent).join(""));
    return [
      element("h2", {}, "Kept in the article"),
      element("dl", {}, ...fact("XPath", row.dataset.xpath), element("dt", {}, "link"),
        element("dd", {}, element("a", { href: `#${row.id}` }, `#${row.id}`))),
      ...corrector(row.id, (scope) => ({
        what: "noise",
        type: scope.type,
        said: scope.scope === "document" ? folded(sourceOf(row.querySelector(".src"))) : clean,
      }), { whole: true, types: true }),
    ];
  }

  function languageName(code) {
    try {
      return new Intl.DisplayNames(["en"], { type: "language" }).of(code) || code;
    } catch {
      return code;
    }
  }

  // The form that says "keep this" or "this is noise", or what was said already.
  function corrector(anchor, made, { whole, rule = null, types = false }) {
    const there = review.at(facts.key, anchor);
    if (there) {
      return [element("p", { class: "said" }, there.what === "keep" ? "Noted: keep this" : `Noted: this is ${there.type}`),
        element("button", { type: "button", id: "unsay", on: { click: () => review.remove(there) } }, "Undo")];
    }
    const scopes = [];
    if (review.isWhole(facts.source)) scopes.push(["document", facts.source, "in this document"]);
    if (whole && facts.host) scopes.push(["site", facts.host, `wherever ${facts.host} says just this`]);
    if (whole && facts.language) {
      scopes.push(["language", facts.language, `in every text in ${languageName(facts.language)} that says just this`]);
    }
    if (!scopes.length) {
      return [element("p", { class: "note" },
        "The name of this file is not valid Unicode, and its site and language are not known: no correction can name it.")];
    }
    const choices = scopes.map(([scope, , said], place) => element("label", {},
      element("input", { type: "radio", name: "scope", value: scope, checked: place === 0 }), ` ${said}`));
    const unnamed = review.isWhole(facts.source) ? null
      : element("p", { class: "note" }, "The name of this file is not valid Unicode: no correction can be for this document alone.");
    const only = rule ? element("input", { type: "checkbox", name: "rule" }) : null;
    const kinds = types ? element("select", { id: "type", name: "type", required: true }, element("option", { value: "" }, "choose"),
      ...document.body.dataset.noises.split(" ").map((name) => element("option", {}, name))) : null;
    const form = element("form", { class: "corrector" },
      types ? element("label", { for: "type" }, "It is") : null, kinds,
      element("fieldset", {}, element("legend", {}, types ? "Remove it" : "Keep it"), ...choices),
      unnamed, only ? element("label", {}, only, " only against this rule") : null,
      element("button", { class: "main", id: "say" }, types ? "This is noise" : "Keep this"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const data = new FormData(form);
      const [scope, name] = scopes.find(([each]) => each === data.get("scope"));
      const correction = made({ scope, rule: data.has("rule"), type: data.get("type") });
      review.add({ ...correction, scope, name, page: facts.key, anchor, title: facts.title });
    });
    return [form];
  }

  function mark() {
    for (const old of document.querySelectorAll(".noted")) old.classList.remove("noted");
    for (const anchor of review.anchors(facts.key)) {
      const there = byId(anchor);
      if (there) (there.closest(".stop") || there).classList.add("noted");
    }
    if (selected) inspect();
  }

  // With and without

  function toggle(noise, removed) {
    for (const slot of document.querySelectorAll(`.slot[data-n="${CSS.escape(noise)}"]`)) {
      if (slot.dataset.clean === undefined) slot.dataset.clean = slot.textContent;
      const run = rowOf(slot).querySelector(`.src [data-e="${slot.dataset.e}"]`);
      slot.textContent = removed ? slot.dataset.clean : sourceOf(run);
      slot.classList.toggle("back", !removed);
    }
    for (const stop of document.querySelectorAll(`.stop[data-n="${CSS.escape(noise)}"]`)) stop.classList.toggle("off", !removed);
    if (noise === "extractor" && !removed) openAll(true);
  }

  function openAll(open) {
    for (const each of document.querySelectorAll("details.outside")) each.open = open;
  }

  function follow() {
    const target = byId(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.closest("#text")) return;
    const around = target.closest("details.outside");
    if (around) around.open = true;
    select(target.closest(".stop") || rowOf(target) || target);
  }

  function press(event) {
    if (review.isTyping(event)) return;
    const go = (id) => byId(id) && byId(id).click();
    const keys = {
      n: () => go("behind"),
      p: () => go("before"),
    };
    if (bench) {
      Object.assign(keys, {
        j: () => step(1),
        k: () => step(-1),
        x: () => go(byId("unsay") ? "unsay" : "say"),
        o: () => openAll(!document.querySelector("details.outside[open]")),
        "?": () => byId("keys").showModal(),
      });
    }
    if (Object.hasOwn(keys, event.key)) {
      event.preventDefault();
      keys[event.key]();
    }
  }

  document.addEventListener("keydown", press);
  if (!bench) return;
  byId("text").addEventListener("click", (event) => {
    const stop = event.target.closest(".stop");
    if (event.target.closest(".flag")) select(rowOf(event.target), { scroll: false });
    else if (stop) select(stop, { scroll: false });
  });
  byId("close-inspector").addEventListener("click", () => byId("inspector").classList.remove("open"));
  byId("down").addEventListener("click", () => step(1));
  byId("up").addEventListener("click", () => step(-1));
  bench.addEventListener("change", (event) => {
    if (event.target.dataset.toggle !== undefined) toggle(event.target.dataset.toggle, event.target.checked);
    if (event.target.name === "view") bench.dataset.view = event.target.value;
  });
  if (matchMedia("(max-width: 45rem)").matches) {
    bench.querySelector("[name=view][value=source]").checked = true;
    bench.dataset.view = "source";
  }
  document.addEventListener("corrections", mark);
  addEventListener("hashchange", follow);
  follow();
})();
