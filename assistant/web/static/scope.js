// 范围: what the next questions are limited to. Stays as chosen until it is changed; the server keeps it with each turn.
import { getText } from "./server.js";
import { toast } from "./toast.js";

const panel = document.getElementById("scope");
const chosen = document.getElementById("scope-chosen");
const opener = document.getElementById("scope-switch");
const LABELS = { topic: "专题", document: "文件", as_of: "时效日" };
const scope = { topic: "", document: "", as_of: "" };

export function listenForScope() {
  opener.addEventListener("click", () => (panel.hidden ? open() : close()));
  panel.addEventListener("input", (event) => {
    scope[event.target.name] = event.target.value;
    show();
  });
  panel.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-scope]");
    if (button?.dataset.scope === "clear") setScope({});
    if (button) close();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  chosen.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    setScope({ ...scope, [button.dataset.name]: "" });
    (chosen.querySelector("button") || opener).focus();
  });
}

// As the server wants it; what is not limited is null.
export function currentScope() {
  return Object.fromEntries(Object.entries(scope).map(([name, value]) => [name, value || null]));
}

export function setScope(values) {
  for (const name of Object.keys(scope)) scope[name] = values[name] || "";
  fillPanel();
  show();
}

// The scope that a turn on the page was asked in.
export function scopeOf(article) {
  const { topic, document: title, asOf } = article.dataset;
  return { topic, document: title, as_of: asOf };
}

export function close() {
  if (panel.hidden) return;
  panel.hidden = true;
  opener.setAttribute("aria-expanded", "false");
  if (panel.contains(document.activeElement) || document.activeElement === document.body) opener.focus();
}

async function open() {
  try {
    if (!panel.childElementCount) panel.innerHTML = await getText("/api/scope"); // escaped by the server
  } catch (error) {
    toast(error.message);
    return;
  }
  fillPanel();
  panel.hidden = false;
  opener.setAttribute("aria-expanded", "true");
  panel.querySelector("select").focus();
}

function fillPanel() {
  for (const field of panel.querySelectorAll("[name]")) field.value = scope[field.name];
}

function show() {
  chosen.replaceChildren();
  for (const [name, value] of Object.entries(scope)) {
    if (!value) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.name = name;
    button.setAttribute("aria-label", `去掉范围 ${LABELS[name]}：${value}`);
    button.textContent = `${LABELS[name]}：${value} ×`;
    chosen.append(button);
  }
  chosen.hidden = !chosen.childElementCount;
  opener.classList.toggle("on", !chosen.hidden);
}
