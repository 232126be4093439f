// The chat page: asks, follows answers, opens sources. What is said is kept by the server; this page only shows it.
import { fill, listenForQuestions, rest, setAnswering } from "./composer.js";
import { close, listenForCitations } from "./drawer.js";
import { follow, replace } from "./follow.js";
import { dropFurther, fetchFurther } from "./further.js";
import { listenForOpinions } from "./opinions.js";
import { listenForConversations, showList } from "./rail.js";
import { close as closeScope, currentScope, listenForScope, scopeOf, setScope } from "./scope.js";
import { getText, post } from "./server.js";
import { toast } from "./toast.js";

const main = document.getElementById("main");
const title = document.getElementById("title");
const thread = document.getElementById("thread");
const announcer = document.getElementById("announcer");

listenForQuestions({ ask, stop });
listenForCitations(thread);
listenForOpinions(thread);
listenForConversations();
listenForScope();
thread.addEventListener("click", (event) => {
  const example = event.target.closest("button.example");
  if (example) ask(example.textContent);
  const action = event.target.closest("button[data-do]");
  if (action) act(action.dataset.do, action.closest("article"));
});
addEventListener("popstate", () => {
  const shown = main.dataset.conversation ? `/c/${main.dataset.conversation}` : "/";
  if (location.pathname !== shown) location.reload(); // and not when only the fragment changes
});

if (matchMedia("(min-width: 769px)").matches) document.getElementById("question").focus();
const running = thread.querySelector('article[data-state="answering"]');
if (running) watch(running);
const last = thread.querySelector("article:last-of-type");
if (last) setScope(scopeOf(last));
fetchFurther(last);
if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
else if (last?.previousElementSibling) last.scrollIntoView();

async function ask(question) {
  setAnswering(true);
  try {
    const conversation = main.dataset.conversation || null;
    const asked = await post("/api/ask", { question, conversation, ...currentScope() });
    fill("");
    closeScope();
    dropFurther(thread);
    rest();
    close();
    thread.querySelector("#welcome, .gone")?.remove();
    thread.insertAdjacentHTML("beforeend", asked.html); // escaped by the server
    showAsked(asked);
    const article = document.getElementById(`turn-${asked.turn}`);
    article.scrollIntoView({ block: "start", behavior: "smooth" });
    watch(article);
  } catch (error) {
    setAnswering(false);
    toast(error.message);
  }
}

async function again(article) {
  setAnswering(true);
  try {
    const asked = await post(`/api/turn/${article.dataset.turn}/again`);
    showList(asked.rail);
    watch(replace(article, asked.html));
  } catch (error) {
    setAnswering(false);
    toast(error.message);
  }
}

function showAsked(asked) {
  if (main.dataset.conversation !== asked.conversation) {
    main.dataset.conversation = asked.conversation;
    history.pushState(null, "", `/c/${asked.conversation}`);
  }
  title.textContent = asked.title;
  title.hidden = false;
  document.title = `${asked.title} · 学思`;
  showList(asked.rail);
}

function watch(article) {
  setAnswering(true);
  follow(article, {
    announce: (words) => { announcer.textContent = words; },
    onEnd: (fresh) => {
      setAnswering(false);
      fetchFurther(fresh);
    },
  });
}

async function stop() {
  const article = thread.querySelector('article[data-state="answering"]');
  if (!article) return;
  try { await post(`/api/turn/${article.dataset.turn}/stop`); } catch (error) { toast(error.message); }
}

async function act(what, article) {
  if (what === "again") await again(article);
  else if (what === "edit") {
    setScope(scopeOf(article));
    fill(questionOf(article));
  } else if (what === "repeat" || what === "everywhere") {
    setScope(what === "repeat" ? scopeOf(article) : {});
    await ask(questionOf(article));
  }
  else if (what === "copy") await copy(article.dataset.turn);
}

function questionOf(article) {
  return article.querySelector(".question p").textContent;
}

async function copy(turn) {
  try {
    await navigator.clipboard.writeText(await getText(`/api/turn/${turn}/text`));
    toast("已复制，出处附在文末");
  } catch (error) {
    toast(error.message.includes("学思") ? error.message : "复制没有成功，请选中文字后复制。");
  }
}
