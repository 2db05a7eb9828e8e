// Takes the page that the bookmark hands over, and fills the form in with it; importing stays a person's click.

const received = document.getElementById("received");
const address = document.getElementById("url");
const html = document.getElementById("html");

function originOf(url) {
  try {
    return new URL(url).origin;
  } catch {
    return null;
  }
}

function take(event) {
  const page = event.data;
  if (event.source !== window.opener || typeof page?.url !== "string" || typeof page?.html !== "string") return;
  if (originOf(page.url) !== event.origin) return;
  address.value = page.url;
  html.value = page.html;
  const size = { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 };
  const kilobytes = (new Blob([page.html]).size / 1000).toLocaleString(locale, size);
  received.textContent = filled(received.dataset.handedOver, { site: new URL(page.url).host, size: kilobytes });
  document.getElementById("how").hidden = true;
  html.form.querySelector("button").focus();
}

document.querySelector("[data-bookmark]").addEventListener("click", (event) => {
  event.preventDefault();
  received.textContent = received.dataset.hint;
});

if (window.opener) {
  addEventListener("message", take);
  window.opener.postMessage(received.dataset.asked, "*");
}
