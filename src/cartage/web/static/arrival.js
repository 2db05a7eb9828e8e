// An import is shown in the page that is there: at once as it is sent, and with its steps as soon as it has begun.
// A form that is refused comes back there, and says why. Whatever else comes of it is left to the browser.
const REFUSED = 422;
let here = location.pathname;

async function begin(action, body, putBack) {
  const headers = { Accept: "text/html", Prefer: "return=representation" };
  const reply = await fetch(action, { method: "POST", body, headers });
  const place = reply.headers.get("Content-Location");
  if (reply.redirected) return void location.assign(reply.url);
  if (!place && reply.status !== REFUSED) throw new Error(reply.statusText);
  const parsed = new DOMParser().parseFromString(await reply.text(), "text/html");
  if (place) return show(parsed, place);
  putBack();
  showRefused(parsed.querySelector("form.submit"));
}

function showRefused(form) {
  document.querySelector("form.submit").replaceWith(form);
  form.querySelector("[autofocus]").focus();
  document.dispatchEvent(new CustomEvent("swapped", { detail: form }));
}

// Gives what puts the page back as it was, for an address that is refused or leads elsewhere.
function showSent(address) {
  const main = document.getElementById("main");
  const url = [address, `https://${address}`].find((each) => URL.canParse(each) && new URL(each).host);
  const sent = document.getElementById("sent")?.content.cloneNode(true);
  if (!url || !sent) return () => {};
  const before = [...main.childNodes];
  const { className } = main;
  sent.querySelector("[data-host]").textContent = new URL(url).host;
  sent.querySelector("[data-address]").textContent = address;
  sent.querySelector("[data-since]").dataset.since = new Date().toISOString();
  main.className = "";
  main.replaceChildren(sent);
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
  return () => {
    main.className = className;
    main.replaceChildren(...before);
  };
}

function show(parsed, url) {
  history.pushState(null, "", url);
  here = location.pathname;
  document.title = parsed.title;
  document.body.replaceChildren(...parsed.body.childNodes);
  scrollTo(0, 0);
  document.getElementById("main").focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("swapped", { detail: document.body }));
  document.dispatchEvent(new Event("arrived"));
}

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || !("begins" in form.dataset) || form.dataset.plain) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, submitter));
  const putBack = showSent(body.get("url").trim());
  addEventListener("pagehide", putBack, { once: true });
  try {
    await begin(form.action, body, putBack);
  } catch { // the browser sends it once more, and shows what the server says: an address is imported once
    putBack();
    form.dataset.plain = "yes";
    delete form.dataset.sent;
    form.requestSubmit(submitter);
  }
});

window.addEventListener("popstate", () => { if (location.pathname !== here) location.reload(); });
