// A short message at the foot of the page, with at most one thing to do.
const box = document.getElementById("toast");
let timer;

export function toast(message, label, action) {
  clearTimeout(timer);
  box.textContent = message;
  if (label) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => { box.textContent = ""; action(); });
    box.append(button);
  }
  timer = setTimeout(() => { box.textContent = ""; }, label ? 8000 : 4000);
}
