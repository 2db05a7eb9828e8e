// Word of products that came since the list was loaded, asked for now and then while somebody looks at it; where
// nobody answers, how old the list is.

const EVERY_MILLISECONDS = 20000;
let asked = Date.now();

async function ask() {
  const place = document.querySelector("[data-arrived]");
  if (!place || document.hidden || Date.now() - asked < EVERY_MILLISECONDS) return;
  asked = Date.now();
  const reply = await fetch(place.dataset.arrived, { headers: { Accept: "text/html" } }).catch(() => null);
  answers(reply !== null && reply.status < 500);
  if (!reply?.ok || reply.redirected) return;
  const told = (await reply.text()).trim();
  if (place.isConnected && place.innerHTML !== told) place.innerHTML = told;
}

const stale = document.querySelector("[data-stale]");
let loaded = Date.now();
function answers(well) {
  stale.querySelector("[data-age]").dataset.since = new Date(loaded).toISOString();
  stale.hidden = well;
}
document.addEventListener("htmx:error", () => answers(false));
document.addEventListener("htmx:after:swap", (event) => {
  if (event.target.id === "choices") return;
  loaded = Date.now();
  answers(true);
});

setInterval(ask, 1000);
document.addEventListener("visibilitychange", ask);
