// Another step, or another side of it, is shown in place; without this, its link loads the page anew.
let wanted = "";

async function brought(href) {
  const reply = await fetch(href, { headers: { Accept: "text/html" } });
  if (!reply.ok || reply.redirected) throw new Error(reply.statusText);
  return new DOMParser().parseFromString(await reply.text(), "text/html");
}

function turn(parsed) {
  const { id } = document.activeElement;
  const fresh = parsed.getElementById("steps");
  document.getElementById("steps").replaceWith(fresh);
  document.getElementById(id)?.focus({ preventScroll: true });
  document.getElementById("shown").scrollIntoView({ block: "nearest" });
  document.dispatchEvent(new CustomEvent("swapped", { detail: fresh }));
  document.dispatchEvent(new CustomEvent("turned", { detail: parsed.querySelector("[data-live]") }));
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("#steps a[data-turns]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const { href } = link;
  wanted = href;
  try {
    const parsed = await brought(href);
    if (wanted !== href) return; // another was asked for since
    turn(parsed);
    history.replaceState(null, "", href);
  } catch {
    location.assign(href);
  }
});
