// The box for questions: grows with the text, counts it, sends on Enter, but never while an input method composes.

const form = document.getElementById("composer");
const box = document.getElementById("question");
const sendButton = document.getElementById("send");
const stopButton = document.getElementById("stop");
const count = document.getElementById("composer-count");
const longest = Number(box.dataset.longest);
const COUNT_FROM = 0.8; // of the longest question
let answering = false;

export function listenForQuestions({ ask, stop }) {
  const submit = () => {
    const question = box.value.trim();
    if (question && length(question) <= longest && !answering) ask(question);
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  stopButton.addEventListener("click", stop);
  box.addEventListener("input", refresh);
  box.addEventListener("keydown", (event) => {
    // 229 is what browsers report while an input method has the key (Safari after the composition has ended).
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    submit();
  });
  refresh();
}

export function fill(question) {
  box.value = question;
  refresh();
  box.focus();
  box.setSelectionRange(question.length, question.length);
}

// On a phone the keyboard would hide the answer.
export function rest() {
  if (matchMedia("(max-width: 768px)").matches) box.blur();
}

export function setAnswering(now) {
  answering = now;
  stopButton.hidden = !now;
  sendButton.hidden = now;
  refresh();
}

function refresh() {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
  const used = length(box.value.trim());
  const over = used > longest;
  count.classList.toggle("over", over);
  if (over) count.textContent = `已有 ${used} 字，最多 ${longest} 字，请缩短`;
  else count.textContent = used > longest * COUNT_FROM ? `${used} / ${longest}` : "";
  box.setAttribute("aria-invalid", String(over));
  sendButton.disabled = !used || over || answering;
}

// Characters as the server counts them.
function length(text) {
  return [...text].length;
}
