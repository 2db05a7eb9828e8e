// Keep parts of a page up to date: by server-sent events, and by polling while they do not come through.
// [data-page] is kept; [data-live] names its events, and [data-after] the last that the page shows. Without events,
// [data-parts] is asked every so often, together with what elements with [data-asks] name and what [data-with] says.
// Parts are elements with an id and [data-part]; of those with [data-appended] events bring only what is new.

const POLL_MILLISECONDS = 2000;
const NEWS_MILLISECONDS = 5000;
const REST_MILLISECONDS = 4000;

function replaceParts(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const fresh of parsed.querySelectorAll("[data-part][id]")) {
    const shown = document.getElementById(fresh.id);
    if (shown && fresh.dataset.with) shown.dataset.with = fresh.dataset.with;
    if (shown && shown.innerHTML.trim() !== fresh.innerHTML.trim()) swap(shown, fresh);
  }
  for (const news of parsed.querySelectorAll("[data-append]")) append(news);
  return parsed;
}

function append(news) {
  const shown = document.getElementById(news.dataset.append);
  for (const line of [...news.children]) if (!document.getElementById(line.id)) shown?.append(line);
}

function swap(shown, fresh) {
  const { activeElement } = document;
  if (shown.contains(activeElement) && !activeElement.id) return; // nobody loses the place they are at
  for (const ticked of shown.querySelectorAll("input[type=checkbox]:checked")) {
    const same = fresh.querySelector(`input[value="${CSS.escape(ticked.value)}"]`);
    if (same) same.checked = true;
  }
  const focused = shown.contains(document.activeElement) ? document.activeElement.id : "";
  for (const open of shown.querySelectorAll("details[id][open]")) {
    const same = fresh.querySelector(`#${CSS.escape(open.id)}`);
    if (same) same.open = true;
  }
  shown.replaceWith(fresh);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("swapped", { detail: fresh }));
  tell(fresh.dataset.news);
}

let told = 0;
let next = "";
function tell(text) {
  const place = document.querySelector("[data-news-here]");
  if (!text || !place) return;
  const wait = told + NEWS_MILLISECONDS - Date.now();
  if (wait > 0) {
    if (!next) setTimeout(() => tell(next), wait);
    next = text;
    return;
  }
  told = Date.now();
  next = "";
  if (place.textContent !== text) place.textContent = text;
}

// Whoever asks for it is told by the browser when it is over, also while another tab is in front.
let telling = false;
const notify = document.querySelector("button[data-notify]");
if (notify && "Notification" in window) {
  notify.hidden = false;
  notify.addEventListener("click", async () => {
    telling = (await Notification.requestPermission()) === "granted";
    notify.textContent = telling ? notify.dataset.wordGranted : notify.dataset.wordDenied;
    notify.disabled = true;
  });
}

function tellOfTheEnd() {
  if (!telling) return;
  try {
    new Notification(document.title, { body: document.querySelector("[data-news]")?.dataset.news ?? "" });
  } catch { /* a phone's browser allows it to none but service workers */ }
}

function keep(kept) {
  const { page, status, parts } = kept.dataset;
  const every = Number(kept.dataset.every) || POLL_MILLISECONDS;
  const chip = document.querySelector("[data-live-state]");
  let source = null;
  let polling = 0;
  let { live, after } = kept.dataset;

  function show(state) {
    if (!chip) return;
    chip.hidden = false;
    chip.dataset.liveState = state;
    chip.querySelector("[data-live-text]").textContent = chip.dataset[`word${state[0].toUpperCase()}${state.slice(1)}`];
  }

  function leave() {
    stop();
    tellOfTheEnd();
    location.replace(page);
  }

  function asked() {
    const named = [...document.querySelectorAll("[data-asks]")].map((each) => ["ask", each.dataset.asks]);
    const told = [...document.querySelectorAll("[data-with]")].flatMap((each) => [...new URLSearchParams(each.dataset.with)]);
    const filter = new URLSearchParams(location.search).get("filter") ?? "";
    return `${parts}?${new URLSearchParams([...named, ["filter", filter], ...told])}`;
  }

  async function load() {
    const reply = await fetch(parts ? asked() : location.href, { headers: { Accept: "text/html" } });
    if (parts && !reply.ok) throw new Error(reply.statusText);
    if (reply.redirected) return void location.replace(reply.url);
    return replaceParts(await reply.text());
  }

  // What events do not bring, such as a table beside the progress, follows a little later.
  let resting = false;
  function refreshRest(brought) {
    const parts = [...document.querySelectorAll("[data-part][id]:not([data-appended])")];
    if (resting || parts.every((part) => brought.getElementById(part.id))) return;
    resting = true;
    setTimeout(() => { resting = false; if (source) load().catch(() => {}); }, REST_MILLISECONDS);
  }

  async function poll() {
    try {
      if (status) {
        const reply = await fetch(status, { headers: { Accept: "application/json" } });
        if (!reply.ok || (await reply.json()).status !== "IMPORTING") return leave();
      }
      const parsed = await load();
      if (!parsed) return;
      if (parts) {
        document.dispatchEvent(new CustomEvent("answered", { detail: parsed }));
        return show("live");
      }
      if (source) show("polling");
      if (live && !parsed.querySelector("[data-live]")) return leave();
      if (!live && !parsed.querySelector("[data-page]")) stop();
    } catch {
      show("waiting"); // the server is away: the next poll asks again
      document.dispatchEvent(new Event("unanswered"));
    }
  }

  function startPolling() {
    if (polling) return;
    polling = setInterval(poll, every);
    if (live || parts) poll();
  }

  function stopPolling() {
    clearInterval(polling);
    polling = 0;
  }

  function stop() {
    stopPolling();
    source?.close();
    source = null;
  }

  function start() {
    if (!live) return startPolling();
    source = new EventSource(after ? `${live}${live.includes("?") ? "&" : "?"}after=${after}` : live);
    source.addEventListener("open", () => { stopPolling(); show("live"); });
    source.addEventListener("error", () => { show("waiting"); startPolling(); });
    source.addEventListener("progress", (event) => {
      if (after) after = event.lastEventId;
      refreshRest(replaceParts(event.data));
    });
    source.addEventListener("settled", leave);
  }

  // Whoever turned to something else on the page is sent that from here on.
  const gone = new AbortController();
  const { signal } = gone;
  document.addEventListener("turned", (event) => {
    if (!event.detail) return;
    ({ live, after } = event.detail.dataset);
    stop();
    start();
  }, { signal });
  document.addEventListener("visibilitychange", () => {
    if (telling) return;
    stop();
    if (document.hidden) show("paused");
    else start();
  }, { signal });
  document.addEventListener("arrived", () => { gone.abort(); stop(); }, { signal });
  start();
}

const keepAll = () => document.querySelectorAll("[data-page]").forEach(keep);
document.addEventListener("arrived", keepAll);
keepAll();
