// The source drawer: opens the original behind a citation, takes the focus, and gives it back.
import { listenForKeeping } from "./keep.js";
import { getText } from "./server.js";

const drawer = document.getElementById("drawer");
const veil = document.getElementById("veil");
const narrow = matchMedia("(max-width: 768px)");
const behind = ["bar", "rail", "main"].map((id) => document.getElementById(id));
let opener = null;

export function listenForCitations(thread) {
  thread.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-marker]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    opener = link;
    open(link.closest("[data-turn]").dataset.turn, link.dataset.marker);
  });
  drawer.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.matches(".close")) close();
    else if (button?.dataset.go) open(button.dataset.turn, button.dataset.go, button.className);
  });
  listenForKeeping();
  veil.addEventListener("click", close);
  narrow.addEventListener("change", coverPage);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !drawer.hidden) close();
  });
}

export function close() {
  if (drawer.hidden) return;
  drawer.hidden = true;
  drawer.replaceChildren();
  document.body.classList.remove("source-open");
  light(null);
  coverPage();
  if (opener?.isConnected) opener.focus();
  opener = null;
}

async function open(turn, marker, focusOn) {
  try {
    drawer.innerHTML = await getText(`/api/source/${turn}/${marker}`); // escaped by the server
  } catch (error) {
    showTrouble(error.message);
  }
  drawer.hidden = false;
  document.body.classList.add("source-open");
  const article = document.getElementById(`turn-${turn}`);
  if (focusOn) opener = article?.querySelector(`a[data-marker="${marker}"]`) || opener;
  light(opener);
  coverPage();
  opener?.scrollIntoView({ block: narrow.matches ? "start" : "nearest" });
  scrollToMark();
  const wanted = focusOn && drawer.querySelector(`button.${focusOn}:not(:disabled)`);
  (wanted || drawer.querySelector("h2")).focus({ preventScroll: true });
}

function scrollToMark() {
  const body = drawer.querySelector(".drawer-body");
  const mark = body?.querySelector("mark");
  if (!mark) return;
  const top = mark.getBoundingClientRect().top - body.getBoundingClientRect().top;
  if (top > body.clientHeight * 0.55) body.scrollTop = top - body.clientHeight * 0.3;
}

function light(link) {
  document.querySelectorAll("a[data-marker].on").forEach((other) => other.classList.remove("on"));
  link?.classList.add("on");
}

// On a phone the drawer covers the page, which must then be out of reach.
function coverPage() {
  const covered = !drawer.hidden && narrow.matches;
  veil.hidden = !covered;
  drawer.toggleAttribute("aria-modal", covered);
  if (covered) drawer.setAttribute("aria-modal", "true");
  for (const part of behind) part.inert = covered;
}

function showTrouble(message) {
  const head = document.createElement("div");
  head.className = "drawer-head";
  const title = document.createElement("h2");
  title.tabIndex = -1;
  title.textContent = message;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "close";
  button.setAttribute("aria-label", "关闭");
  button.textContent = "×";
  head.append(title, button);
  drawer.replaceChildren(head);
}
