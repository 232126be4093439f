// Votes on answers and reports of refusals: sends them, and shows the part of the page that the server sends back.
import { post } from "./server.js";
import { toast } from "./toast.js";

export function listenForOpinions(thread) {
  thread.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-vote], button[data-report]");
    if (!button) return;
    const turn = button.closest("article").dataset.turn;
    if (button.dataset.report) report(turn, button);
    else if (button.dataset.vote === "close") finish(button.closest("form"), turn);
    else vote(turn, button, { opinion: button.dataset.vote || null });
  });
  thread.addEventListener("submit", (event) => {
    if (!event.target.matches("form.why")) return;
    event.preventDefault();
    finish(event.target, event.target.closest("article").dataset.turn, "谢谢，教员会看到");
  });
}

async function finish(form, turn, thanks) {
  const given = thanks ? new FormData(form) : new FormData();
  const words = { reason: given.get("reason"), comment: given.get("comment") || "" };
  if (await vote(turn, form, { opinion: "down", ...words, final: true }) && thanks) toast(thanks);
}

async function vote(turn, from, judgement) {
  const part = await send(`/api/turn/${turn}/vote`, judgement, from.closest(".vote"));
  if (!part) return false;
  (part.querySelector("form input") || part.querySelector(`[aria-pressed="true"]`) || part.querySelector("button")).focus();
  return true;
}

async function report(turn, button) {
  const part = await send(`/api/turn/${turn}/report`, {}, button.closest(".report"));
  if (!part) return;
  part.tabIndex = -1;
  part.focus();
}

// The part of the page that the reply took the place of `old` with; null when it failed.
async function send(path, body, old) {
  try {
    const holder = document.createElement("template");
    holder.innerHTML = await post(path, body); // escaped by the server
    const fresh = holder.content.firstElementChild;
    old.replaceWith(fresh);
    return fresh;
  } catch (error) {
    toast(error.message);
    return null;
  }
}
