// Choosing from a list to take away: counts what is ticked, ticks all, and holds the buttons until something is.

const form = document.getElementById("take");
const list = document.getElementById("notes");
const all = document.getElementById("all");
const picked = document.getElementById("picked");

export function recount() {
  if (!form) return;
  const boxes = [...list.querySelectorAll("input[type=checkbox]")];
  const chosen = boxes.filter((box) => box.checked).length;
  picked.textContent = `已选 ${chosen} / ${boxes.length}`;
  all.checked = chosen > 0 && chosen === boxes.length;
  all.indeterminate = chosen > 0 && chosen < boxes.length;
  for (const button of form.querySelectorAll("button")) button.disabled = !chosen;
}

list.addEventListener("change", recount);
all?.addEventListener("change", () => {
  for (const box of list.querySelectorAll("input[type=checkbox]")) box.checked = all.checked;
  recount();
});
addEventListener("pageshow", recount); // the browser ticks again what was ticked before
recount();
