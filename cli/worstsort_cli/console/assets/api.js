// What the server is asked, and what the page says when it does not answer.

export class Refused extends Error {
  constructor(status, answer) {
    super(answer.error ?? `the answer is ${status}`);
    this.status = status;
    this.problems = answer.problems ?? [];
    this.gone = Boolean(answer.gone) || status >= 500;
    this.yet = Boolean(answer.yet);
  }
}

const banner = document.getElementById("banner");

export const say = (text) => {
  if (banner.textContent !== text) banner.textContent = text;
  banner.hidden = !text;
};

const call = async (path, options) => {
  let response;
  try {
    response = await fetch(`/api/${path}`, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, { error: "The console does not answer: it has been stopped, or this machine sleeps. This page tries again by itself.", gone: true });
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok || answer.yet) {
    if (response.status === 403 && !answer.error?.includes("read-only")) answer.error = "This console has been started anew. Open the address that `worstsort console` has printed.";
    throw new Refused(response.status, answer);
  }
  return answer;
};

export const get = (path, query = {}, signal = undefined) => {
  const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined));
  return call(asked.size ? `${path}?${asked}` : path, { signal });
};

export const post = (path, body = {}) => call(path, {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
});

export const runPath = (place, id) => `runs/${place}/${encodeURIComponent(id)}`;

const READING_SECONDS = 1;
const SETTLED_SECONDS = 15;
const MAX_SECONDS = 30;

// How long a view waits before it asks again: while what it shows is still being read, while it goes on, once it has ended.
export const pace = (about, running, whole = true) => !whole ? READING_SECONDS : running() ? about.poll_seconds : Math.max(SETTLED_SECONDS, about.poll_seconds);

// Ask again and again while the page is shown: never two at once, so that no old answer comes after a new one; the more
// rarely the longer nothing answers; and not at all while the page is hidden, so that an hour in the background costs
// nothing. Returns a function that asks at once, or as soon as the answer is there that is being waited for.
export const poll = (signal, seconds, ask) => {
  let timer = 0;
  let failures = 0;
  let said = false;
  let busy = false;
  let again = false;
  const next = () => {
    clearTimeout(timer);
    if (!signal.aborted && !document.hidden) timer = setTimeout(round, 1000 * Math.min(MAX_SECONDS, seconds() * 2 ** failures));
  };
  const round = async () => {
    clearTimeout(timer);
    if (busy) again = true;
    if (signal.aborted || document.hidden || busy) return;
    busy = true;
    again = false;
    let done = false;
    try {
      done = await ask() === false;
      if (said && !signal.aborted) say("");
      failures = 0;
      said = false;
    } catch (error) {
      if (signal.aborted || error.name === "AbortError") return;
      failures = error.gone ? failures + 1 : 0; // what answers is asked at the same pace, whatever the answer is
      said = !error.yet;
      if (said) say(error.message);
    } finally {
      busy = false;
    }
    if (again) round();
    else if (!done) next();
  };
  document.addEventListener("visibilitychange", round, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
  round();
  return round;
};
