// On a phone the tools of the bar are a menu behind one button.
const bar = document.getElementById("bar");
const more = document.getElementById("more");

more.addEventListener("click", () => open(!bar.classList.contains("more-open")));
document.addEventListener("click", (event) => {
  if (!event.target.closest("#tools, #more")) open(false);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !bar.classList.contains("more-open")) return;
  open(false);
  more.focus();
});

function open(now) {
  bar.classList.toggle("more-open", now);
  more.setAttribute("aria-expanded", String(now));
}
