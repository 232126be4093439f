// The library: narrows the list to titles with the words typed.

const filter = document.getElementById("filter");
const nothing = document.getElementById("nothing");

filter.addEventListener("input", () => {
  const words = filter.value.trim().split(/\s+/);
  let left = 0;
  for (const shelf of document.querySelectorAll(".shelf:not(.found)")) {
    let here = 0;
    for (const item of shelf.querySelectorAll("li")) {
      item.hidden = !words.every((word) => item.textContent.includes(word));
      if (!item.hidden) here += 1;
    }
    shelf.hidden = !here;
    left += here;
  }
  nothing.hidden = left > 0 || Boolean(document.querySelector(".found"));
});
