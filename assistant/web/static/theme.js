// Text size and colours, chosen by the reader and kept in this browser. Runs before the page is painted.
(() => {
  const SIZES = ["normal", "large", "larger"];
  const root = document.documentElement;
  const stored = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const store = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private window */ } };
  const dark = matchMedia("(prefers-color-scheme: dark)");

  root.dataset.size = SIZES.includes(stored("size")) ? stored("size") : "normal";
  const paint = () => {
    root.dataset.theme = stored("theme") || (dark.matches ? "dark" : "light");
    const words = document.querySelector("#theme-switch span");
    if (words) words.textContent = root.dataset.theme === "dark" ? "浅色" : "深色";
  };
  paint();
  dark.addEventListener("change", paint);

  document.addEventListener("DOMContentLoaded", () => {
    paint();
    document.getElementById("size-switch").addEventListener("click", () => {
      root.dataset.size = SIZES[(SIZES.indexOf(root.dataset.size) + 1) % SIZES.length];
      store("size", root.dataset.size);
    });
    document.getElementById("theme-switch").addEventListener("click", () => {
      store("theme", root.dataset.theme === "dark" ? "light" : "dark");
      paint();
    });
  });
})();
