// The page of an outline: arranges headings and points, finds more of them, and keeps everything as it is changed.
import { getText, post } from "./server.js";
import { toast } from "./toast.js";

const main = document.getElementById("main");
const address = `/api/outlines/${main.dataset.outline}`;
const topic = document.getElementById("topic");
const parts = document.getElementById("parts");
const state = document.getElementById("saved");
const found = document.getElementById("found");
const none = document.getElementById("none");
const WAIT = 500; // milliseconds without a change until it is kept
let timer = null;
let last = Promise.resolve();

main.addEventListener("input", (event) => {
  if (event.target.matches("textarea")) fit(event.target);
  if (event.target.closest(".outline-sheet")) changed();
});
main.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-do]");
  if (button) act(button.dataset.do, button);
  else if (event.target.closest("#add-part")) addPart().querySelector("input").focus();
  else if (event.target.closest("[data-take]") && timer) { // the file must have what the page shows
    event.preventDefault();
    const { href } = event.target.closest("a");
    keep().then(() => location.assign(href));
  }
});
document.getElementById("find").addEventListener("submit", (event) => { event.preventDefault(); search(); });
addEventListener("beforeunload", (event) => { if (timer) event.preventDefault(); });
// What was typed before this script began is kept too.
if ([...main.querySelectorAll(".outline-sheet :is(input, textarea)")].some((box) => box.value !== box.defaultValue)) changed();
for (const box of main.querySelectorAll("textarea")) fit(box);
if (!main.querySelector(".points .point") && document.getElementById("about").value) search();

function act(what, button) {
  const point = button.closest(".point");
  const part = button.closest(".part");
  if (what === "join") join(point);
  else if (what === "out") takeOut(point, "引文已移出");
  else if (what === "up" || what === "down") step(point, what === "up");
  else if (what === "part-up") part.previousElementSibling?.before(part);
  else if (what === "part-down") part.nextElementSibling?.after(part);
  else if (what === "part-out") takeOut(part, "这一部分已删去");
  if (button.isConnected) button.focus();
  changed();
}

// One place up or down; past the first or last point of a part into the next part.
function step(point, up) {
  const beside = up ? point.previousElementSibling : point.nextElementSibling;
  if (beside) { if (up) beside.before(point); else beside.after(point); return; }
  const part = point.closest(".part");
  const other = (up ? part.previousElementSibling : part.nextElementSibling)?.querySelector(".points");
  if (other) { if (up) other.append(point); else other.prepend(point); }
}

function join(point) {
  const list = (parts.lastElementChild ?? addPart()).querySelector(".points");
  const after = point.nextElementSibling;
  list.append(point);
  fit(point.querySelector("textarea"));
  (after ?? document.getElementById("about")).querySelector?.("button.join")?.focus();
  toast("已加入最后一个部分");
}

function takeOut(element, message) {
  const parent = element.parentElement;
  const next = element.nextElementSibling;
  element.remove();
  toast(message, "撤销", () => { parent.insertBefore(element, next?.isConnected ? next : null); changed(); });
}

function addPart() {
  parts.append(document.getElementById("part").content.cloneNode(true));
  changed();
  return parts.lastElementChild;
}

async function search() {
  const about = document.getElementById("about").value;
  try {
    if (timer) await keep(); // so that what was just added is not found again
    found.innerHTML = await getText(`${address}/found?${new URLSearchParams({ about })}`); // escaped by the server
    none.hidden = found.children.length > 0;
  } catch (error) { toast(error.message); }
}

function changed() {
  clearTimeout(timer);
  timer = setTimeout(keep, WAIT);
  state.textContent = "未保存…";
}

// Sends what the page shows, one time after the other.
function keep() {
  clearTimeout(timer);
  timer = null;
  last = last.then(async () => {
    try {
      await post(address, arrangement());
      if (!timer) state.textContent = "已保存";
      document.title = `${topic.value || "研讨提纲"} · 研讨提纲 · 学思`;
    } catch (error) {
      state.textContent = "没有保存";
      toast(error.message, "再试", keep);
    }
  });
  return last;
}

function arrangement() {
  const headings = [...parts.children].map((part) => ({
    words: part.querySelector(".words").value,
    points: [...part.querySelectorAll(".point")].map((point) => ({
      document: Number(point.dataset.document),
      version: Number(point.dataset.version),
      start: Number(point.dataset.start),
      end: Number(point.dataset.end),
      thought: point.querySelector("textarea").value,
    })),
  }));
  return { topic: topic.value, headings };
}

function fit(box) {
  box.style.height = "auto";
  if (box.scrollHeight) box.style.height = `${box.scrollHeight}px`;
}
