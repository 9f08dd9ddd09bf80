// Small comforts; every page works without them.
"use strict";

// A menu of the mast closes on a click elsewhere and on Escape.
const openMenus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// After a refused form the summary of errors has the focus, also when htmx put it there.
const showErrors = () => document.getElementById("form-errors")?.focus();
document.addEventListener("DOMContentLoaded", showErrors);
document.addEventListener("htmx:afterSwap", showErrors);

// What a form saves in the background and cannot (no connection, another sign-in, a fault) is told in its place.
const showUnsaved = (event) => {
  const words = event.target.querySelector?.("template[data-unsaved]");
  const place = words && document.getElementById(words.dataset.unsaved);
  place?.replaceWith(words.content.cloneNode(true));
};
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(name, showUnsaved);

// The current door is in sight on a narrow screen.
document.addEventListener("DOMContentLoaded", () => {
  const door = document.querySelector(".doors [aria-current]");
  const doors = door?.closest(".doors");
  if (doors) doors.scrollLeft = door.offsetLeft - 16;
});
