// While a list is read, say how many of its rows were, to whoever waits for longer than a moment.

const EVERY_MILLISECONDS = 500;
const place = document.querySelector("[data-reading]");
let asking = 0;

function rest() {
  clearInterval(asking);
  asking = 0;
  place.hidden = true;
}

async function ask() {
  const reply = await fetch("/import/reading", { headers: { Accept: "text/html" } }).catch(() => null);
  if (!asking || !reply?.ok || reply.redirected) return;
  const told = (await reply.text()).trim();
  if (!told) return;
  place.querySelector("[data-rows]").textContent = told;
  place.hidden = false;
}

document.addEventListener("submit", (event) => {
  const { reads } = { ...event.target.dataset, ...event.submitter?.dataset };
  if (!reads || event.defaultPrevented) return;
  rest();
  place.querySelector("button").hidden = reads !== "only";
  asking = setInterval(ask, EVERY_MILLISECONDS);
});

place.querySelector("button").addEventListener("click", () => {
  window.stop();
  rest();
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

window.addEventListener("pageshow", rest);
