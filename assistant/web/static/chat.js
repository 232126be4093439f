// The chat: clicks inside rendered HTML become events of the Gradio page, and the browser follows what the server shows.
import { readAloud } from "./aloud.js";
import { listenForKeeping } from "./keep.js";
import { toast } from "./toast.js";

const narrow = matchMedia("(max-width: 768px)");
const $ = (css) => document.querySelector(css);
const $$ = (css) => [...document.querySelectorAll(css)];
const turnOf = (node) => node.closest("[data-turn]").dataset.turn;
const shownId = () => new URLSearchParams(location.search).get("c") || "";
// Sends an event to the handlers; the marker whose original is shown; which way the reader walks; the title that is unfolded.
let trigger, opener = null, going = "", shown = null;

const clicks = [ // where a click counts, and what it does
  [".skip", () => $("#ask textarea").focus()],
  ["a[data-marker]", (a) => { opener = a; trigger("source", { turn: turnOf(a), marker: a.dataset.marker }); }],
  ["#original .close", shut],
  ["#original [data-go]:not(:disabled)", (b) => { going = b.className; trigger("source", { turn: turnOf(b), marker: b.dataset.go }); }],
  ["#conversations .conversation > a", (a) => trigger("open", { id: a.closest("li").dataset.id })],
  ["#conversations [data-do=rename]", (b) => rename(b.closest("li"))],
  ["#conversations [data-do=delete]", (b) => trigger("remove", { id: b.closest("li").dataset.id, what: "delete" })],
  ["#conversations [data-do]", (b) => trigger("arrange", { id: b.closest("li").dataset.id, what: b.dataset.do })],
  ["#conversations [data-more]", (b) => trigger("arrange", { what: "more", limit: b.dataset.more })],
  ["a[href^='#restore-']", (a) => { trigger("remove", { id: a.getAttribute("href").slice(9), what: "restore" }); $(".toast-close")?.click(); }],
  ["#hello .example, .turn .offered", (b) => trigger("ask", { question: b.textContent })],
  [".turn [data-do=copy]", (b) => copy(turnOf(b))],
  [".turn [data-do=edit]", (b) => { trigger("edit", { turn: turnOf(b) }); $("#ask textarea").focus(); }],
  [".turn [data-do=again]", (b) => trigger("again", { turn: turnOf(b) })],
  [".turn [data-do=aloud]", (b) => readAloud(b, b.closest(".turn").querySelector(".body"))],
  [".turn [data-do]", (b) => trigger("ask", { turn: turnOf(b), what: b.dataset.do })],
  [".turn [data-vote]", (b) => trigger("vote", { turn: turnOf(b), opinion: b.dataset.vote, final: b.dataset.final || "" })],
  [".turn [data-report]", (b) => trigger("report", { turn: turnOf(b) })],
  ["[data-unscope]", (b) => trigger("unscope", { name: b.dataset.unscope })],
];

export function begin(send, props, watch) {
  trigger = send;
  listenForKeeping();
  document.addEventListener("click", clicked);
  document.addEventListener("submit", judge);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !$("dialog[open]")) shut(); });
  for (const kind of ["keydown", "keypress"]) addEventListener(kind, holdBack, true);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) trigger("look", {}); });
  addEventListener("popstate", () => { if ($("#source.open")) hide(); else if (props.value.c !== shownId()) trigger("open", { id: shownId() }); });
  narrow.addEventListener("change", () => cover());
  new MutationObserver(settle).observe(document.body, { childList: true, subtree: true, attributeFilter: ["data-opened"] });
  const show = () => { if ("c" in props.value) follow(props.value); };
  watch("value", show);
  show();
}

// A part of a turn that the server rendered anew, every value in it escaped.
export function replace({ turn, where, html }) {
  const old = turn && $(`#turn-${turn} ${where}`);
  if (!old) return;
  const at = [...old.querySelectorAll("button")].indexOf(document.activeElement);
  old.outerHTML = html;
  const fresh = $(`#turn-${turn} ${where}`), why = fresh.querySelector("form.why");
  why?.scrollIntoView({ block: "nearest" });
  (why?.querySelector("input") || fresh.querySelectorAll("button")[at])?.focus({ preventScroll: true });
}

// The server says which conversation is shown: the address and the title follow, and the question asked last stands on top.
function follow({ c, title, turn, asked }) {
  const fresh = Boolean($("#first")), moved = fresh || c !== shownId();
  $("#first")?.remove();
  if (moved && !fresh) { opener = null; hide(); }
  // What `/?ask=…` had ready the server put into the box; a reload would put it there once more.
  if (c !== shownId() || location.search.startsWith("?ask=")) history.pushState(null, "", c ? `/?c=${c}` : "/");
  document.title = title ? `${title} · 学思` : "学思";
  if (fresh && !narrow.matches) $("#ask textarea")?.focus();
  if (asked && narrow.matches) document.activeElement?.blur(); // the keyboard would hide the answer
  const wanted = (fresh && location.hash) || (turn && (asked || moved) && `#turn-${turn}`);
  if (wanted) whenThere(wanted, (article) => (article.closest(".bot-row")?.previousElementSibling || article).scrollIntoView());
}

function whenThere(css, act, tries = 300) {
  const found = $(css);
  requestAnimationFrame(() => (found ? act(found) : tries && whenThere(css, act, tries - 1)));
}

function clicked(event) {
  for (const menu of $$("#conversations details[open]")) if (!menu.contains(event.target)) menu.open = false;
  if (narrow.matches && $("#source.open") && !event.target.closest("#source, dialog, .selected")) { event.preventDefault(); shut(); return; }
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const [css, act] = clicks.find(([one]) => event.target.closest(one)) || [];
  if (!act) return;
  const found = event.target.closest(css);
  if (found.matches("a")) event.preventDefault();
  act(found);
}

// Enter while an input method composes is never a submission. 229 is what Safari reports after the composition has ended.
function holdBack(event) {
  if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.stopImmediatePropagation();
}

function judge(event) {
  if (!event.target.matches("form.why")) return;
  event.preventDefault();
  trigger("vote", { turn: turnOf(event.target), opinion: "down", final: "thanks", ...Object.fromEntries(new FormData(event.target)) });
}

async function copy(turn) {
  const reply = await fetch(`/api/turn/${turn}/text`).catch(() => null);
  const done = reply?.ok && (await navigator.clipboard.writeText(await reply.text()).then(() => true, () => false));
  toast(done ? "已复制，出处附在文末" : "复制没有成功，请选中文字后复制。");
}

function rename(item) {
  const link = item.querySelector("a"), input = document.createElement("input");
  Object.assign(input, { value: item.dataset.title, maxLength: 80, ariaLabel: "会话名称" });
  item.querySelector("details").open = false;
  link.hidden = true;
  link.before(input);
  input.select();
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") input.value = item.dataset.title;
    if (["Enter", "Escape"].includes(event.key) && !event.isComposing) input.blur();
  });
  input.addEventListener("blur", () => {
    const title = input.value.trim();
    input.remove();
    link.hidden = false;
    if (title && title !== item.dataset.title) trigger("arrange", { id: item.dataset.id, what: "rename", title });
  });
}

// On a phone the original is a sheet over the page: Back closes it, and what is behind it is out of reach.
function shut() {
  if (!$("#source.open")) return;
  if (history.state?.sheet) history.back();
  else hide();
}

function hide() {
  $$("#source.open, [data-marker].on").forEach((node) => node.classList.remove("open", "on"));
  cover(false);
  opener = opener?.focus();
}

function cover(open = Boolean($("#source.open"))) {
  for (const part of $$("#bar, #rail, #center")) part.inert = open && narrow.matches;
}

function settle() {
  const opened = $("#original .drawer-head")?.dataset.opened;
  if (opened !== shown && (shown = opened)) unfold();
  speakChinese();
}

// Gradio calls the panel closed for ever and draws what is in it: the browser alone opens and closes it, at once.
function unfold() {
  $("#source").classList.add("open");
  const head = $("#original h2"), body = $("#original .drawer-body"), mark = body.querySelector("mark");
  const chip = $(`#turn-${turnOf($("#original [data-turn]"))} a[data-marker="${$("#original .drawer-head").dataset.at}"]`);
  if (!opener || going) opener = chip;
  $$("[data-marker].on").forEach((marker) => marker.classList.remove("on"));
  opener?.classList.add("on");
  if (narrow.matches && !history.state?.sheet) history.pushState({ sheet: true }, "");
  cover(true);
  if (narrow.matches) head.ariaLevel = 1; // what is behind the sheet, with its heading, cannot be reached
  opener?.scrollIntoView({ block: narrow.matches ? "start" : "nearest" });
  const top = mark ? mark.getBoundingClientRect().top - body.getBoundingClientRect().top : 0;
  if (top > body.clientHeight * 0.55) body.scrollTop += top - body.clientHeight * 0.3;
  ((going && $(`#original .${going}:not(:disabled)`)) || head).focus({ preventScroll: true });
  going = "";
}

// Words that Gradio has in English only, and labels of messages that would be read out as markup.
const CHINESE = { "chatbot conversation": "问答内容", "Toggle Sidebar": "展开或收起侧栏", "Scroll down": "到最下面", Clear: "清除", Close: "关闭" };
function speakChinese() {
  const put = (node, name) => { const word = CHINESE[node.getAttribute(name)]; if (word) node.setAttribute(name, word); };
  for (const node of $$("[aria-label], [title]")) ["aria-label", "title"].forEach((name) => put(node, name));
  for (const node of $$("#chat [data-testid=bot][aria-label], #chat [data-testid=user][aria-label]")) node.removeAttribute("aria-label");
}
