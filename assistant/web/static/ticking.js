// Lists to tick: counts what is ticked, ticks all or leaves out what is doubtful, holds the buttons until something is.

for (const form of document.querySelectorAll("[data-ticking]")) {
  const boxes = () => [...document.querySelectorAll("input[type=checkbox][name=id], input[type=checkbox][name=subject]")].filter((box) => box.form === form && !box.disabled);
  const all = [...document.querySelectorAll("[data-all]")].find((box) => box.form === form);
  const count = document.querySelector("[data-count]");
  const recount = () => {
    const chosen = boxes().filter((box) => box.checked).length;
    count.textContent = `已选 ${chosen} / ${boxes().length}`;
    all.checked = chosen > 0 && chosen === boxes().length;
    all.indeterminate = chosen > 0 && chosen < boxes().length;
    for (const button of form.querySelectorAll("[data-deed]")) button.disabled = !chosen;
  };
  all.addEventListener("change", () => { for (const box of boxes()) box.checked = all.checked; recount(); });
  const sure = form.querySelector("[data-sure]");
  sure?.addEventListener("change", () => { for (const box of boxes()) if ("doubted" in box.dataset) box.checked = !sure.checked; recount(); });
  document.addEventListener("change", (event) => { if (event.target !== all) recount(); });
  addEventListener("pageshow", recount); // the browser ticks again what was ticked before
  recount();
}
