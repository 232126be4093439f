// One box that ticks all the others of its form.
const all = document.getElementById("all");
if (all) all.addEventListener("change", () => {
  for (const box of all.form.querySelectorAll("input[name=item]")) box.checked = all.checked;
});
