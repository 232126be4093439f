// Keeping passages: of words that are selected in a text, or of the quote that is marked. What the words are and where
// they stand is read by the server; from here go only offsets, counted in characters as the server counts them.
import { post } from "./server.js";
import { toast } from "./toast.js";

const bar = document.createElement("div");
bar.className = "selected";
bar.setAttribute("role", "toolbar");
bar.setAttribute("aria-label", "选中的文字");
bar.hidden = true;
bar.innerHTML = `<span></span><button type="button" data-do="keep">收藏</button><button type="button" data-do="copy">复制并附出处</button>`;
const dialog = document.createElement("dialog");
dialog.className = "keeping";
dialog.setAttribute("aria-labelledby", "keeping-title");
dialog.innerHTML = `<form method="dialog"><h2 id="keeping-title">收藏这段文字</h2><blockquote class="original-text" tabindex="0"></blockquote>
  <label>批注（可以不写）<textarea rows="3" maxlength="2000"></textarea></label>
  <menu><button class="plain" value="cancel">取消</button><button class="plain main" value="save">保存到笔记</button></menu></form>`;
let chosen = null;

export function listenForKeeping() {
  document.body.append(bar, dialog);
  document.addEventListener("selectionchange", showBar);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-keep]");
    if (button) ask(ofQuote(button));
  });
  bar.addEventListener("pointerdown", (event) => event.preventDefault()); // the selection stays
  bar.addEventListener("click", (event) => {
    const what = event.target.closest("button")?.dataset.do;
    if (what === "keep") ask(chosen);
    else if (what === "copy") copy(chosen);
  });
  dialog.addEventListener("keydown", (event) => { if (event.key === "Escape") event.stopPropagation(); });
  dialog.addEventListener("close", () => { if (dialog.returnValue === "save") save(); });
}

function showBar() {
  if (dialog.open) return;
  chosen = selected();
  bar.hidden = !chosen;
  if (chosen) bar.firstChild.textContent = `已选 ${chosen.end - chosen.start} 字`;
}

// The selection as offsets into the text, or null when there is none inside one text.
function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const around = range.commonAncestorContainer;
  const text = (around.nodeType === Node.ELEMENT_NODE ? around : around.parentElement)?.closest(".original-text[data-version]");
  const lines = text ? [...text.querySelectorAll("p[data-first]")].filter((line) => range.intersectsNode(line)) : [];
  if (!lines.length) return null;
  const first = lines[0];
  const last = lines[lines.length - 1];
  const start = Number(first.dataset.first) + (first.contains(range.startContainer) ? before(first, range.startContainer, range.startOffset) : 0);
  const end = Number(last.dataset.first) + (last.contains(range.endContainer) ? before(last, range.endContainer, range.endOffset) : length(last.textContent));
  return start < end ? { ...place(text), start, end, words: selection.toString(), range: range.cloneRange() } : null;
}

function ofQuote(button) {
  const text = button.closest("#original, .sheet").querySelector(".original-text[data-version]");
  const [start, end] = button.dataset.keep.split("-").map(Number);
  const words = [...text.querySelectorAll("mark")].map((mark) => mark.textContent).join("\n");
  return { ...place(text), start, end, words };
}

function place(text) {
  return { document: Number(text.dataset.document), version: Number(text.dataset.version) };
}

function before(line, node, offset) {
  const range = new Range();
  range.setStart(line, 0);
  range.setEnd(node, offset);
  return length(range.toString());
}

function length(words) {
  return [...words].length;
}

function ask(passage) {
  chosen = passage;
  bar.hidden = true;
  dialog.querySelector("blockquote").textContent = passage.words;
  dialog.querySelector("textarea").value = "";
  dialog.returnValue = "";
  dialog.showModal();
  dialog.querySelector("textarea").focus();
}

async function save() {
  const { words, range, ...passage } = chosen;
  try {
    await post("/api/notes", { ...passage, remark: dialog.querySelector("textarea").value });
    if (range && "highlights" in CSS) CSS.highlights.set("kept", new Highlight(...(CSS.highlights.get("kept") || []), range));
    getSelection().removeAllRanges();
    toast("已收藏到笔记", "看笔记", () => location.assign("/notes"));
  } catch (error) { toast(error.message); }
}

async function copy({ words, range, ...passage }) {
  try {
    await navigator.clipboard.writeText(await post("/api/quote", passage));
    toast("已复制，出处附在后面");
  } catch (error) {
    toast(error.message.includes("学思") || error.message.includes("选中") ? error.message : "复制没有成功，请用浏览器的复制。");
  }
}
