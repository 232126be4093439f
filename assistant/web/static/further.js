// The questions offered beneath the last answer: fetched once the server has worked them out.
import { getText } from "./server.js";

export async function fetchFurther(article) {
  const place = article?.querySelector(".further[data-due]");
  if (!place) return;
  let html = "";
  try {
    html = await getText(`/api/turn/${article.dataset.turn}/further`);
  } catch { /* nothing is offered then */ }
  const holder = document.createElement("template");
  holder.innerHTML = html; // escaped by the server
  if (holder.content.firstElementChild) place.replaceWith(holder.content.firstElementChild);
  else place.remove();
}

export function dropFurther(thread) {
  for (const old of thread.querySelectorAll(".further")) old.remove();
}
