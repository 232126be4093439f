// The list of conversations: find, rename, pin, delete with undo. The server sends the list anew after each change.
import { getText, post } from "./server.js";
import { toast } from "./toast.js";

const list = document.getElementById("conversations");
const find = document.getElementById("find");
const main = document.getElementById("main");
const burger = document.getElementById("burger");

export function listenForConversations() {
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-do]");
    if (button) act(button.dataset.do, button.closest("li"));
  });
  list.addEventListener("toggle", closeOthers, true);
  document.addEventListener("click", (event) => {
    for (const menu of list.querySelectorAll("details[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  let timer;
  find.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 200);
  });
  burger.addEventListener("click", () => openRail(!document.body.classList.contains("rail-open")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of list.querySelectorAll("details[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
    if (document.body.classList.contains("rail-open")) { openRail(false); burger.focus(); }
  });
  main.addEventListener("click", () => openRail(false));
}

export function showList(html) {
  list.innerHTML = html; // escaped by the server
}

function openRail(open) {
  document.body.classList.toggle("rail-open", open);
  burger.setAttribute("aria-expanded", String(open));
}

function closeOthers(event) {
  if (!event.target.open) return;
  for (const menu of list.querySelectorAll("details[open]")) if (menu !== event.target) menu.open = false;
}

function shown() {
  return new URLSearchParams({ containing: find.value, current: main.dataset.conversation });
}

async function search() {
  try { showList(await getText(`/api/conversations?${shown()}`)); } catch (error) { toast(error.message); }
}

async function act(what, item) {
  if (what === "rename") rename(item);
  else if (what === "pin" || what === "unpin") await change(item.dataset.id, { pinned: what === "pin" });
  else if (what === "delete") {
    const id = item.dataset.id;
    if (!await change(id, { deleted: true })) return;
    const shown = id === main.dataset.conversation;
    if (shown) leave();
    toast("会话已删除", "撤销", async () => {
      if (await change(id, { deleted: false }) && shown) location.assign(`/c/${id}`);
    });
  }
}

// The page no longer shows a conversation: the next question begins a new one.
function leave() {
  main.dataset.conversation = "";
  history.replaceState(null, "", "/");
  document.title = "学思";
  document.getElementById("title").hidden = true;
  const note = document.createElement("p");
  note.className = "gone";
  note.textContent = "这个会话已删除。可以撤销，也可以直接问新的问题。";
  document.getElementById("thread").replaceChildren(note);
}

async function change(id, changes) {
  try {
    showList(await post(`/api/conversations/${id}?${shown()}`, changes));
    return true;
  } catch (error) {
    toast(error.message);
    return false;
  }
}

function rename(item) {
  const link = item.querySelector("a");
  const input = document.createElement("input");
  input.value = item.dataset.title;
  input.maxLength = 80;
  input.setAttribute("aria-label", "会话名称");
  item.querySelector("details").open = false;
  link.replaceWith(input);
  input.focus();
  input.select();
  let over = false;
  const end = async (save) => {
    if (over) return;
    over = true;
    const title = input.value.trim();
    if (save && title && title !== item.dataset.title && await change(item.dataset.id, { title })) return;
    input.replaceWith(link);
  };
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter") end(true);
    if (event.key === "Escape") { event.stopPropagation(); end(false); }
  });
  input.addEventListener("blur", () => end(true));
}
