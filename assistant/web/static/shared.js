// The page of one answer: prints it, reads it aloud, and selects the address to be copied.
import { readAloud } from "./aloud.js";

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button?.dataset.do === "print") print();
  if (button?.dataset.do === "aloud") readAloud(button, document.querySelector(".body"));
});
document.querySelector(".share-address input")?.addEventListener("focus", (event) => event.target.select());
