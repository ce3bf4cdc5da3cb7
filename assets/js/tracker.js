// Every page works without this. It adds the menu's button on a phone, the counting of
// characters, showing a password, and moves the focus to what went wrong.
import { initAll } from "./govuk-frontend.min.js";

initAll();

// An agenda's items may be dragged: a drop sends the item's own form, saying before which item it
// goes. The items of the two files of a pack stay apart.
for (const list of document.querySelectorAll('[data-module="tracker-agenda"]')) {
  let dragged = null;
  for (const item of list.children) {
    item.draggable = true;
    item.addEventListener("dragstart", (event) => {
      dragged = item;
      event.dataTransfer.effectAllowed = "move";
      item.classList.add("tracker-agenda__item--dragged");
    });
    item.addEventListener("dragend", () => {
      item.classList.remove("tracker-agenda__item--dragged");
      dragged = null;
    });
    item.addEventListener("dragover", (event) => {
      if (dragged && dragged !== item && dragged.dataset.part === item.dataset.part) {
        event.preventDefault();
      }
    });
    item.addEventListener("drop", (event) => {
      const form = dragged?.querySelector("form");
      if (!form) return;
      event.preventDefault();
      const box = item.getBoundingClientRect();
      const after = event.clientY > box.top + box.height / 2;
      const before = after ? item.nextElementSibling : item;
      const isPart = before && before.dataset.part === dragged.dataset.part;
      form.elements.way.value = "before";
      form.elements.before.value = isPart ? before.dataset.item : "";
      form.submit();
    });
  }
}
