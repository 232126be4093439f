// Sends a packed library, then goes to the list of jobs, where its progress is shown.

const box = document.getElementById("exchange");
const told = document.getElementById("told");

document.getElementById("library")?.addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  told.textContent = `正在上传 ${file.name}。`;
  try {
    const reply = await fetch(`/admin/exchange/library?batch=${box.dataset.batch}`, { method: "POST", headers: { "Content-Type": "application/zip" }, body: file });
    if (reply.ok) location.assign(`/admin/intake?batch=${box.dataset.batch}`);
    else told.textContent = (await reply.json().catch(() => ({}))).message || "没有传上，请再试一次。";
  } catch {
    told.textContent = "没有传上，请确认程序还在运行，再试一次。";
  }
});
