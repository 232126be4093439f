// The filters above the list of cases. Without a script all cases are shown.
const form = document.getElementById("filters");
const cases = [...document.querySelectorAll(".case")];
const shown = document.getElementById("shown");
const toggle = document.getElementById("toggle");

const texts = new Map();
function textOf(item) {
  if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
  return texts.get(item);
}

function filter() {
  const wanted = Object.fromEntries(new FormData(form));
  const words = (wanted.words || "").toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const item of cases) {
    const { type, outcome, cause, moved } = item.dataset;
    const fits = (!wanted.type || type === wanted.type) && (!wanted.outcome || outcome === wanted.outcome)
      && (!wanted.cause || cause === wanted.cause)
      && (!wanted.worse || moved.includes("worse")) && (!wanted.better || moved.includes("better"))
      && words.every((word) => textOf(item).includes(word));
    item.hidden = !fits;
    count += fits;
  }
  shown.textContent = `显示 ${count} / ${cases.length} 题`;
}

// A link to a case or a source opens the case it stands in.
function open() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const item = target?.closest(".case");
  if (!item) return;
  item.hidden = false;
  item.open = true;
  target.scrollIntoView({ block: "nearest" });
}

// The number of cases of a cause leads to them.
for (const link of document.querySelectorAll("a[data-cause]")) {
  link.addEventListener("click", () => {
    form.reset();
    setTimeout(() => { form.elements.cause.value = link.dataset.cause; filter(); });
  });
}

form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(filter));
toggle.addEventListener("click", () => {
  const opening = toggle.textContent === "全部展开";
  for (const item of cases) if (!item.hidden) item.open = opening;
  toggle.textContent = opening ? "全部收起" : "全部展开";
});
window.addEventListener("hashchange", open);
form.hidden = false;
filter();
open();
