// Reads an answer aloud with the browser's own voice, when its reader asks for it and never by itself.
const voice = globalThis.speechSynthesis;
const SILENT = ".mode, .cite, .sources, .nearest, .unseen";
let reading = null; // the button of what is being read

if (voice) document.documentElement.classList.add("speaks"); // without a voice there is no button

export function readAloud(button, body) {
  const again = reading === button;
  stop();
  if (again) return;
  const text = body.cloneNode(true);
  for (const part of text.querySelectorAll(SILENT)) part.remove();
  const words = new SpeechSynthesisUtterance(text.textContent.replace(/\s+/g, " "));
  words.lang = "zh-CN";
  words.onend = words.onerror = () => { if (reading === button) stop(); };
  reading = button;
  button.setAttribute("aria-pressed", "true");
  voice.speak(words);
}

function stop() {
  voice.cancel();
  reading?.setAttribute("aria-pressed", "false");
  reading = null;
}
