// Ticks all rows of a table at once; each can be ticked by itself without it.
"use strict";

for (const place of document.querySelectorAll("[data-tick]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet";
  button.textContent = place.dataset.say;
  button.addEventListener("click", () => {
    const boxes = [...document.querySelectorAll(`${place.dataset.tick} input[name="subject"]`)];
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
  });
  place.replaceWith(button);
}
