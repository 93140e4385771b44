// Sends the test event from this browser, as a page of the site would. Without this file the form has the server send it.
(() => {
  const form = document.querySelector<HTMLFormElement>("form[data-test]");
  const box = document.getElementById("arrival");
  if (!form || !box) return;
  const button = form.querySelector("button")!;
  const said = form.querySelector("[data-said]")!;
  const usual = said.textContent ?? "";

  const say = (text: string, isProblem = false) => {
    said.textContent = text;
    said.classList.toggle("problem", isProblem);
  };

  const send = async () => {
    const asked = await fetch(form.dataset.test!, { headers: { "X-Fragment": "1" } });
    if (!asked.ok) return location.reload();
    const test = await asked.json() as { after: string; url: string; headers: Record<string, string>; body: string };
    // Set before it is sent: what arrives may be told before the answer is.
    box.dataset.live = `${box.dataset.live!.split("?")[0]}?after=${test.after}`;
    let answer: Response;
    try {
      answer = await fetch(test.url, { method: "POST", headers: test.headers, body: test.body, credentials: "omit" });
    } catch {
      return say(`This browser could not reach ${new URL(test.url).origin}: is the collector up, and does anything block it here?`, true);
    }
    const text = await answer.text();
    if (!answer.ok || text.includes('"dropped"')) return say(`The collector answered ${answer.status}: ${text.slice(0, 500)}`, true);
    say(usual);
    await follow();
  };

  // Changes are told by live.js; this asks too, for where a proxy holds the telling back.
  const follow = async () => {
    for (let second = 0; second < 30; second++) {
      const html = await (await fetch(box.dataset.live!, { headers: { "X-Fragment": "1" } })).text();
      box.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
      if (box.querySelector(".arrived")) return;
      await new Promise((go) => setTimeout(go, 1000));
    }
    say("It has not come through in half a minute: the Pipeline page says what holds it up.", true);
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    say("Sending …");
    try {
      await send();
    } catch {
      say("This page could not reach its server.", true);
    }
    button.disabled = false;
  });
})();
