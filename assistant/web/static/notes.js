// The page of notes: write remarks, delete with undo, and (picking.js) choose what to take away.
import { recount } from "./picking.js";
import { post } from "./server.js";
import { toast } from "./toast.js";

const list = document.getElementById("notes");

list.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-do]");
  const note = button?.closest("li");
  if (button?.dataset.do === "edit") edit(note);
  else if (button?.dataset.do === "delete") remove(note);
});
document.querySelector(".outlines").addEventListener("click", (event) => {
  const button = event.target.closest("button[data-do]");
  if (button) removeOutline(button.closest("li"));
});

function edit(note) {
  const own = note.querySelector(".own");
  const form = document.createElement("form");
  form.className = "remarking";
  form.innerHTML = `<label class="unseen" for="r-${note.dataset.id}">批注</label><textarea id="r-${note.dataset.id}" rows="3" maxlength="2000"></textarea>
    <button type="submit" class="plain main">保存批注</button><button type="button" class="plain">取消</button>`;
  const box = form.querySelector("textarea");
  const before = own ? own.lastChild.textContent : "";
  box.value = before;
  const tools = note.querySelector(".note-tools");
  tools.hidden = true;
  own?.toggleAttribute("hidden", true);
  tools.before(form);
  box.focus();
  const end = () => {
    form.remove();
    tools.hidden = false;
    own?.removeAttribute("hidden");
    tools.querySelector('[data-do="edit"]').focus();
  };
  form.querySelector("button[type=button]").addEventListener("click", end);
  box.addEventListener("keydown", (event) => { if (event.key === "Escape" && !event.isComposing && box.value === before) end(); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const fresh = replace(note, await post(`/api/notes/${note.dataset.id}`, { remark: box.value }));
      fresh.querySelector('[data-do="edit"]').focus();
    } catch (error) { toast(error.message); }
  });
}

async function remove(note) {
  const id = note.dataset.id;
  const next = note.nextElementSibling;
  try { await post(`/api/notes/${id}`, { deleted: true }); } catch (error) { toast(error.message); return; }
  note.remove();
  recount();
  toast("笔记已删除", "撤销", async () => {
    try {
      const html = await post(`/api/notes/${id}`, { deleted: false });
      const holder = document.createElement("template");
      holder.innerHTML = html; // escaped by the server
      list.insertBefore(holder.content.querySelector("li"), next?.isConnected ? next : null);
      recount();
    } catch (error) { toast(error.message); }
  });
}

async function removeOutline(item) {
  const address = `/api/outlines/${item.dataset.id}/state`;
  try { await post(address, { deleted: true }); } catch (error) { toast(error.message); return; }
  item.hidden = true;
  toast("提纲已删除", "撤销", async () => {
    try { await post(address, { deleted: false }); item.hidden = false; } catch (error) { toast(error.message); }
  });
}

function replace(note, html) {
  const chosen = note.querySelector("input[type=checkbox]").checked;
  const holder = document.createElement("template");
  holder.innerHTML = html; // escaped by the server
  const fresh = holder.content.querySelector("li");
  fresh.querySelector("input[type=checkbox]").checked = chosen;
  note.replaceWith(fresh);
  return fresh;
}
