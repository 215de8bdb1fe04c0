"use strict";

// What people say is wrong: collected over all pages of a report, and given out as the TOML file that
// `cleancopy run --overrides` reads.
const review = (() => {
  const SCOPES = ["document", "site", "language"];
  let memory = "[]";
  let refused = false;
  const undone = [];

  const byId = (id) => document.getElementById(id);
  const storageKey = () => `cleancopy-corrections-${document.body.dataset.review}`;

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "class") made.className = value;
      else if (key === "on") for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
      else if (value === true) made.setAttribute(key, "");
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  }

  function tell(message) {
    byId("told").textContent = message;
  }

  // White space as Python's str.split() knows it: the corrections are compared there.
  const SPACE = /[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;
  const folded = (text) => text.replace(SPACE, " ").trim();

  // TOML holds no half of a surrogate pair, and file names of undecodable bytes have such.
  const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
  const isWhole = (text) => text.search(LONE) < 0;

  // What cannot be seen, or turns the order of what is seen around, is written as an escape: the file is for reviewers.
  function quoted(text) {
    const escapes = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" };
    const safe = text
      .replace(LONE, "\ufffd")
      .replace(/[\\"\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, (character) =>
        escapes[character] || `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
    return `"${safe}"`;
  }

  function toml(corrections) {
    const lines = ["# Corrections made in the review page of cleancopy."];
    for (const each of corrections) {
      lines.push("", `[[${each.what}]]`);
      lines.push(`${each.scope} = ${quoted(each.name)}`);
      lines.push(`${each.scope === "document" ? "text" : "phrase"} = ${quoted(each.said)}`);
      if (each.rule) lines.push(`rule = ${quoted(each.rule)}`);
      if (each.type) lines.push(`type = ${quoted(each.type)}`);
    }
    return `${lines.join("\n")}\n`;
  }

  function isCorrection(each) {
    return Boolean(each) && ["keep", "noise"].includes(each.what) && SCOPES.includes(each.scope) &&
      [each.name, each.said, each.page, each.anchor, each.title].every((value) => typeof value === "string");
  }

  function load() {
    let text = memory;
    if (!refused) {
      try {
        text = localStorage.getItem(storageKey()) || "[]";
      } catch {
        refused = true;
      }
    }
    try {
      return JSON.parse(text).filter(isCorrection);
    } catch {
      return [];
    }
  }

  function save(corrections) {
    memory = JSON.stringify(corrections);
    try {
      localStorage.setItem(storageKey(), memory);
    } catch {
      refused = true;
    }
    show();
  }

  function change(corrections, message) {
    undone.push(load());
    save(corrections);
    tell(message);
  }

  const same = (one, other) => ["what", "scope", "name", "said"].every((key) => one[key] === other[key]);

  function add(correction) {
    const rest = load().filter((each) => !same(each, correction) && !isAt(each, correction.page, correction.anchor));
    change([...rest, correction], correction.what === "keep" ? "Noted: keep this" : "Noted: this is noise");
  }

  function remove(correction) {
    change(load().filter((each) => !same(each, correction)), "Correction removed");
  }

  const isAt = (correction, page, anchor) => correction.page === page && correction.anchor === anchor;
  const at = (page, anchor) => load().find((each) => isAt(each, page, anchor)) || null;

  const anchors = (page) => load().filter((each) => each.page === page).map((each) => each.anchor);

  function entry(correction) {
    const where = correction.scope === "document" ? "in one document" : `for ${correction.scope} ${correction.name}`;
    const what = correction.what === "keep" ? "Keep" : `Noise (${correction.type})`;
    const href = `${document.body.dataset.root}documents/${correction.page}.html#${correction.anchor}`;
    return element("li", {},
      element("div", {},
        element("strong", {}, what), ` ${where}`,
        element("q", { dir: "auto" }, correction.said.length > 160 ? `${correction.said.slice(0, 160)}…` : correction.said),
        element("a", { href, class: "note" }, correction.title)),
      element("button", { type: "button", class: "quiet", "aria-label": `Remove the correction: ${what} ${correction.said.slice(0, 40)}`,
        on: { click: () => remove(correction) } }, "Remove"));
  }

  function show() {
    const corrections = load();
    byId("corrections-count").textContent = String(corrections.length);
    byId("corrections-list").replaceChildren(...corrections.map(entry));
    byId("corrections-kept").textContent = corrections.length === 0
      ? "None yet. On a document, choose a removal and “Keep this”, or a block and “This is noise”."
      : refused
        ? "This browser refuses storage: they last until you leave this page, so download them first."
        : "Kept in this browser, over all pages of this report.";
    byId("corrections-toml").value = corrections.length ? toml(corrections) : "";
    byId("undo-correction").disabled = undone.length === 0;
    for (const id of ["clear-corrections", "download-corrections", "copy-corrections"]) {
      byId(id).disabled = corrections.length === 0;
    }
    document.dispatchEvent(new CustomEvent("corrections"));
  }

  function download() {
    const url = URL.createObjectURL(new Blob([toml(load())], { type: "application/toml" }));
    const link = element("a", { href: url, download: "overrides.toml" });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
    tell("Downloaded overrides.toml");
  }

  async function copy() {
    const area = byId("corrections-toml");
    area.select();
    try {
      await navigator.clipboard.writeText(area.value);
      tell("Copied");
    } catch {
      tell("Selected: copy it with your keyboard");
    }
  }

  // Whether a key belongs to what has the focus, and is no command.
  function isTyping(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return true;
    return event.target instanceof Element &&
      event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, dialog, [contenteditable]") !== null;
  }

  function openPanel() {
    byId("corrections").showModal();
  }

  document.addEventListener("DOMContentLoaded", () => {
    byId("open-corrections").addEventListener("click", openPanel);
    byId("close-corrections").addEventListener("click", () => byId("corrections").close());
    byId("undo-correction").addEventListener("click", () => {
      save(undone.pop());
      tell("Undone");
    });
    byId("clear-corrections").addEventListener("click", () => change([], "All corrections removed"));
    byId("download-corrections").addEventListener("click", download);
    byId("copy-corrections").addEventListener("click", copy);
    document.addEventListener("keydown", (event) => {
      if (event.key === "c" && !isTyping(event)) {
        event.preventDefault();
        openPanel();
      }
    });
    // Another page of the report, in another tab or kept for the way back, may have changed them.
    addEventListener("storage", (event) => event.key === storageKey() && show());
    addEventListener("pageshow", (event) => event.persisted && show());
    show();
  });

  return { add, remove, at, anchors, element, folded, isTyping, isWhole, tell };
})();
