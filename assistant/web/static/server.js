// Talks to our own server. A failure becomes an Error whose message is one sentence for the reader.

export async function post(path, body) {
  const reply = await send(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body ?? {}),
  });
  if (reply.status === 204) return null;
  const type = reply.headers.get("Content-Type") || "";
  return type.includes("json") ? reply.json() : reply.text();
}

export async function getText(path) {
  return (await send(path, {})).text();
}

async function send(path, options) {
  let reply;
  try {
    reply = await fetch(path, options);
  } catch {
    throw new Error("连不上学思，请确认程序还在运行，再试一次。");
  }
  if (reply.ok) return reply;
  let message = "请求没有完成，请刷新页面后再试。";
  try { message = (await reply.json()).message || message; } catch { /* not JSON */ }
  throw new Error(message);
}
