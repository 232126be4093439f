// The page of two editions: walks from change to change, and keeps the choice of what to show in the address.

const main = document.getElementById("main");
const walk = document.getElementById("walk");
const count = walk.querySelector("output");
const choice = main.querySelector(".only");
const kinds = [...choice.querySelectorAll("input")].map((input) => input.value);

const asked = new URLSearchParams(location.search).get("only");
if (kinds.includes(asked)) choose(asked);
choice.addEventListener("change", (event) => choose(event.target.value));
walk.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) step(Number(button.dataset.step));
});
main.querySelector(".choice [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
document.getElementById("here")?.scrollIntoView({ block: "center" });

// Which provisions are seen is a matter of the style sheet (`main[data-only]`).
function choose(kind) {
  main.dataset.only = kind;
  choice.querySelector(`input[value="${kind}"]`).checked = true;
  const address = new URL(location);
  if (kind === "all") address.searchParams.delete("only");
  else address.searchParams.set("only", kind);
  history.replaceState(null, "", address);
  count.textContent = "";
}

function step(by) {
  const changes = [...main.querySelectorAll(".pair:not(.same), .pair.moved")].filter((pair) => pair.offsetParent);
  if (!changes.length) return;
  const middle = innerHeight / 2;
  const focused = changes.indexOf(document.activeElement?.closest?.(".pair"));
  const passed = changes.findLastIndex((pair) => pair.getBoundingClientRect().top < middle);
  const from = focused >= 0 ? focused : by > 0 ? passed : passed + 1;
  const pair = changes[(from + by + changes.length) % changes.length];
  pair.tabIndex = -1;
  pair.focus({ preventScroll: true });
  pair.scrollIntoView({ block: "center" });
  count.textContent = `${changes.indexOf(pair) + 1} / ${changes.length}`;
}
