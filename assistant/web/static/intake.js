// The page of incoming files: sends them one by one, and keeps the list of jobs fresh while any is open.

import { getText } from "./server.js";

const READABLE = document.getElementById("files").accept.split(",");
const AT_ONCE = 2;
const drop = document.getElementById("drop");
const sending = document.getElementById("sending");
const refused = document.getElementById("refused");
const rows = document.getElementById("jobs");
const waiting = [];
let sent = 0, total = 0, skipped = 0, busy = 0;

document.getElementById("files").addEventListener("change", take);
document.getElementById("folder").addEventListener("change", take);
for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
for (const name of ["dragleave", "drop"]) drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.remove("over"); });
drop.addEventListener("drop", async (event) => {
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) { for (const file of event.dataTransfer.files) add(file, file.name); return; }
  for (const entry of entries) await walk(entry, "");
});

function take(event) {
  for (const file of event.target.files) add(file, file.webkitRelativePath || file.name);
  event.target.value = "";
}

async function walk(entry, above) {
  if (hidden(entry.name)) return;
  const path = above + entry.name;
  if (entry.isFile) { add(await new Promise((done, fail) => entry.file(done, fail)), path); return; }
  const reader = entry.createReader();
  for (;;) { // a reader hands out a hundred entries at a time
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (!some.length) return;
    for (const one of some) await walk(one, path + "/");
  }
}

function hidden(name) { return name.startsWith(".") || name.startsWith("~$"); }

function add(file, path) {
  if (path.split("/").some(hidden) || !READABLE.some((suffix) => file.name.toLowerCase().endsWith(suffix))) { skipped += 1; tell(); return; }
  total += 1;
  if (file.size > Number(drop.dataset.largest)) { sent += 1; refuse(`《${file.name}》有 ${Math.round(file.size / 1048576)} MB，超过上限，请拆分后再上传。`); }
  else waiting.push([file, path]);
  tell();
  next();
}

async function next() {
  if (busy >= AT_ONCE || !waiting.length) return;
  busy += 1;
  const [file, path] = waiting.shift();
  next();
  try {
    const reply = await fetch(`/admin/intake/files?batch=${drop.dataset.batch}&name=${encodeURIComponent(path)}`, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file });
    if (!reply.ok) refuse((await reply.json().catch(() => ({}))).message || `《${file.name}》没有传上，请再试一次。`);
  } catch {
    refuse(`《${file.name}》没有传上，请确认程序还在运行，再试一次。`);
  }
  busy -= 1;
  sent += 1;
  tell();
  refresh();
  next();
}

function refuse(message) {
  const line = document.createElement("li");
  line.textContent = message;
  refused.append(line);
  refused.hidden = false;
}

function tell() {
  const more = skipped ? `，跳过 ${skipped} 个不能读取或隐藏的文件` : "";
  sending.textContent = (sent < total ? `正在上传 ${sent}/${total}` : `已上传 ${sent} 个`) + more + "。";
  if (sent === total && total && !rows.dataset.shown) {
    const link = document.createElement("a");
    link.href = `/admin/intake?batch=${drop.dataset.batch}`;
    link.textContent = "只看这一批";
    sending.append(" ", link);
  }
}

let asking = false;

async function refresh() {
  if (asking) return;
  asking = true;
  try {
    const fresh = document.createElement("tbody");
    const shown = rows.dataset.shown;
    fresh.innerHTML = await getText(`/admin/intake/jobs${shown ? `?batch=${shown}` : ""}`); // escaped by the server's templates
    const known = new Map([...rows.children].map((row) => [row.id, row]));
    const order = [...fresh.children].map((row) => known.get(row.id)?.dataset.told === row.dataset.told ? known.get(row.id) : row);
    if (order.some((row, place) => rows.children[place] !== row) || rows.children.length !== order.length) rows.replaceChildren(...order);
    count();
  } catch { /* the next round tries again */ }
  asking = false;
}

function open() { return rows.querySelectorAll("[data-state=queued], [data-state=running], [data-state=stopping]").length; }

function count() {
  const every = rows.querySelectorAll("tr[data-state]").length;
  document.getElementById("summary").textContent = every ? `${every} 个${open() ? `，还有 ${open()} 个没处理完` : ""}` : "";
}

let before = open();
setInterval(async () => {
  if (!open() && !before) return;
  await refresh();
  if (before && !open() && rows.dataset.shown) location.reload(); // now the whole batch can be published
  before = open();
}, 1500);
count();
