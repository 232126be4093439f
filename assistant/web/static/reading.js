// Notes how far a document is read: a line counts when it has stood in view for a moment. Nothing is timed, and it begins only when
// the reader asks for it.
import { post } from "./server.js";

const text = document.getElementById("text");
const told = document.getElementById("read-so-far");
const MOMENT = 800, GATHERED = 1500; // milliseconds
const waiting = new Map();
let seen = [], sending = 0;

const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    clearTimeout(waiting.get(target));
    if (isIntersecting) waiting.set(target, setTimeout(() => take(target), MOMENT));
  }
}, { threshold: 0.5 });

function take(line) {
  observer.unobserve(line);
  seen.push(Number(line.id.slice(2)));
  sending ||= setTimeout(send, GATHERED);
}

async function send() {
  sending = 0;
  const lines = seen;
  seen = [];
  try {
    const now = await post(`/api/reading/${text.dataset.document}`, { version: Number(text.dataset.version), lines });
    if (now.total) told.textContent = now.read === now.total ? `读完了，共 ${now.total} 条` : `已读 ${now.read} / ${now.total} 条`;
  } catch { seen.push(...lines); } // with the next ones
}

if (told) for (const line of text.querySelectorAll("p[id^='s-']")) observer.observe(line);
addEventListener("pagehide", () => {
  if (!seen.length) return;
  const body = JSON.stringify({ version: Number(text.dataset.version), lines: seen });
  fetch(`/api/reading/${text.dataset.document}`, { method: "POST", keepalive: true, body, headers: { "Content-Type": "application/json" } });
});
