// The page of a document: goes to the quoted words, and finds words without changing the text.
import { listenForKeeping } from "./keep.js";

const text = document.getElementById("text");
const form = document.getElementById("within");
const input = form.querySelector("input");
const count = document.getElementById("within-count");
let found = [];
let now = -1;

listenForKeeping();
const mark = text.querySelector("mark");
if (mark) requestAnimationFrame(() => mark.scrollIntoView({ block: "center" }));
if (matchMedia("(max-width: 768px)").matches) document.querySelector(".toc")?.removeAttribute("open");

if (!("highlights" in CSS)) form.hidden = true; // an older browser has its own search
input.addEventListener("input", search);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (found.length) show((now + 1) % found.length);
});

function search() {
  found = input.value.trim() ? ranges(input.value.trim()) : [];
  CSS.highlights.delete("found-now");
  CSS.highlights.set("found", new Highlight(...found));
  if (found.length) show(0);
  else count.textContent = input.value.trim() ? "没有找到" : "";
}

function show(index) {
  now = index;
  CSS.highlights.set("found-now", new Highlight(found[now]));
  found[now].startContainer.parentElement.scrollIntoView({ block: "center" });
  count.textContent = `${now + 1} / ${found.length}`;
}

function ranges(words) {
  const made = [];
  for (const paragraph of text.children) {
    const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    const nodes = [];
    let line = "";
    while (walker.nextNode()) { nodes.push([walker.currentNode, line.length]); line += walker.currentNode.data; }
    for (let at = line.indexOf(words); at >= 0; at = line.indexOf(words, at + words.length)) {
      const range = new Range();
      range.setStart(...place(nodes, at));
      range.setEnd(...place(nodes, at + words.length));
      made.push(range);
    }
  }
  return made;
}

function place(nodes, offset) {
  const [node, start] = nodes.findLast(([, from]) => from <= offset);
  return [node, Math.min(offset - start, node.data.length)];
}
