// Follows an answer while it is being made, through one EventSource that reconnects by itself.

export function follow(article, { onEnd, announce }) {
  const events = new EventSource(`/api/turn/${article.dataset.turn}/events`);
  const body = article.querySelector(".body");

  events.addEventListener("stage", (event) => {
    const { stage } = JSON.parse(event.data);
    showStage(article, stage);
    announce(`正在${stage}`);
  });
  events.addEventListener("body", (event) => {
    body.innerHTML = JSON.parse(event.data).html; // escaped by the server
  });
  events.addEventListener("done", (event) => {
    events.close();
    const fresh = replace(article, JSON.parse(event.data).html);
    announce(fresh.dataset.state === "done" ? "回答完成" : "回答没有完成");
    onEnd(fresh);
  });
  events.addEventListener("error", () => {
    if (events.readyState !== EventSource.CLOSED) return;
    body.textContent = "连接断开了，请刷新页面。";
    onEnd(article);
  });
}

// Put the turn that the server rendered in place of the one on the page; returns the new one.
export function replace(article, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const fresh = holder.content.querySelector("article");
  article.replaceWith(fresh);
  return fresh;
}

function showStage(article, stage) {
  const stages = [...article.querySelectorAll(".stages li")];
  if (!stages.length) return;
  let now = stages.findIndex((one) => one.dataset.stage === stage);
  if (now < 0) {
    const more = stages[0].cloneNode(); // 撰写回答: only where a model writes
    more.dataset.stage = stage;
    more.textContent = stage;
    stages.at(-1).after(more);
    now = stages.push(more) - 1;
  }
  stages.forEach((one, i) => {
    one.classList.toggle("past", i < now);
    one.classList.toggle("now", i === now);
  });
}
