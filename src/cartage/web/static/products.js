// Word of products that came since the list was loaded, asked for now and then while somebody looks at it.

const EVERY_MILLISECONDS = 20000;
let asked = Date.now();

async function ask() {
  const place = document.querySelector("[data-arrived]");
  if (!place || document.hidden || Date.now() - asked < EVERY_MILLISECONDS) return;
  asked = Date.now();
  const reply = await fetch(place.dataset.arrived, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!reply?.ok || reply.redirected) return;
  const told = (await reply.text()).trim();
  if (place.isConnected && place.innerHTML !== told) place.innerHTML = told;
}

setInterval(ask, 1000);
document.addEventListener("visibilitychange", ask);
