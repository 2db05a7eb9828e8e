// Watch an import: by server-sent events, and by polling every 2 s while they do not come through.

const POLL_MILLISECONDS = 2000;
const product = document.querySelector("[data-watch]").dataset.watch;
const page = `/import/status/${product}`;
let polling = 0;

function show(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html").getElementById("progress");
  if (!parsed) return;
  document.getElementById("progress").replaceWith(parsed);
  const news = document.getElementById("news");
  if (news.textContent !== parsed.dataset.news) news.textContent = parsed.dataset.news;
  tick();
}

function leave(status) {
  stopPolling();
  source.close();
  if (status === "IMPORTED" || status === "ENHANCED") location.replace(`/products/${product}`);
  else location.replace(page);
}

async function poll() {
  try {
    const reply = await fetch(`/api/scrape-status/${product}`, { headers: { Accept: "application/json" } });
    if (reply.status === 401 || reply.status === 404) return leave("");
    const { status } = await reply.json();
    if (status !== "IMPORTING") return leave(status);
    show(await (await fetch(page)).text());
  } catch {
    // The server is away: the next poll asks again.
  }
}

function startPolling() {
  if (polling) return;
  polling = setInterval(poll, POLL_MILLISECONDS);
  poll();
}

function stopPolling() {
  clearInterval(polling);
  polling = 0;
}

const source = new EventSource(`${page}/events`);
source.addEventListener("open", stopPolling);
source.addEventListener("error", startPolling);
source.addEventListener("progress", (event) => show(event.data));
source.addEventListener("settled", (event) => leave(event.data));
