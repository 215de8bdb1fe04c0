"use strict";

// Before anything is drawn, so that no page flashes in the wrong colours.
const theme = (() => {
  const NAMES = ["auto", "light", "dark"];
  let now = "auto";
  try {
    now = localStorage.getItem("cleancopy-theme") || "auto";
  } catch {
    // Storage is refused: the choice lasts as long as the page.
  }
  function show() {
    if (now === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = now;
  }
  show();
  document.addEventListener("DOMContentLoaded", () => {
    const name = document.getElementById("theme-name");
    name.textContent = now;
    document.getElementById("theme").addEventListener("click", () => {
      now = NAMES[(NAMES.indexOf(now) + 1) % NAMES.length];
      name.textContent = now;
      show();
      try {
        localStorage.setItem("cleancopy-theme", now);
      } catch {
        // As above.
      }
    });
  });
})();
