// An import that has begun is shown in the page that is there, sooner than a page is loaded for it.
// Whatever else comes of a form is left to the browser.
let here = location.pathname;

async function sent(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  const headers = { Accept: "text/html", Prefer: "return=representation" };
  const reply = await fetch(form.action, { method: "POST", body, headers });
  const place = reply.headers.get("Content-Location");
  if (reply.redirected) return void location.assign(reply.url);
  if (!place) throw new Error(reply.statusText);
  show(new DOMParser().parseFromString(await reply.text(), "text/html"), place);
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
  try {
    await sent(form, submitter);
  } catch { // the browser sends it once more, and shows what the server says: an address is imported once
    form.dataset.plain = "yes";
    delete form.dataset.sent;
    form.requestSubmit(submitter);
  }
});

window.addEventListener("popstate", () => { if (location.pathname !== here) location.reload(); });
