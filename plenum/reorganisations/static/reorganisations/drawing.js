// Comforts of the drawing table: a unit can be dragged onto another, and the picked ones are counted.
// Everything can be done without: pick units, press a button, name the other unit.
"use strict";

const drawing = document.getElementById("drawing");
const picks = () => [...document.querySelectorAll('input[name="pick"][form="drawing"]')];

const picked = () => [...new Set(picks().filter((box) => box.checked).map((box) => box.value))];

// A unit can be picked in several places of the page; they say the same.
const agree = (changed) => {
  for (const box of picks()) if (box.value === changed.value) box.checked = changed.checked;
};

const count = () => {
  const shown = document.querySelector("[data-count]");
  if (!shown) return;
  shown.hidden = !picked().length;
  shown.querySelector("b").textContent = picked().length;
};

document.addEventListener("change", (event) => {
  if (!event.target.matches('input[name="pick"][form="drawing"]')) return;
  agree(event.target);
  count();
});

let dragged = null;
const nodeOf = (event) => event.target.closest?.(".side-tree .node[data-code]");

for (const node of document.querySelectorAll(".side-before .node[data-code]")) node.draggable = true;

document.addEventListener("dragstart", (event) => {
  dragged = nodeOf(event);
  if (!dragged) return;
  dragged.classList.add("dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.code);
});
document.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
});
document.addEventListener("dragover", (event) => {
  const node = nodeOf(event);
  if (!dragged || !node || node.dataset.code === dragged.dataset.code) return;
  event.preventDefault();
  node.classList.add("over");
});
document.addEventListener("dragleave", (event) => nodeOf(event)?.classList.remove("over"));
document.addEventListener("drop", (event) => {
  const node = nodeOf(event);
  if (!dragged || !node || node.dataset.code === dragged.dataset.code) return;
  event.preventDefault();
  const chosen = picked();
  const codes = chosen.includes(dragged.dataset.code) ? chosen : [dragged.dataset.code];
  const query = new URLSearchParams([["do", "move"], ["to", node.dataset.code]]);
  for (const code of codes) if (code !== node.dataset.code) query.append("pick", code);
  for (const kept of drawing.querySelectorAll('input[type="hidden"]')) {
    if (kept.name !== "open") query.append(kept.name, kept.value);
  }
  location.assign(`${drawing.dataset.step}?${query}`);
});

document.addEventListener("DOMContentLoaded", count);
