import { setTimeout as sleep } from "node:timers/promises";
import { countPriceItems } from "../demo/demo.mjs";
import { httpGet } from "../http-get.mjs";
import { Stop } from "../progress.mjs";

const get = (url) => httpGet(url, 20_000);

/** A store that was added a moment ago gets its first look within seconds. */
const readyWithinMs = 20_000;

async function readiness(address) {
  const until = Date.now() + readyWithinMs;
  for (;;) {
    const answer = await get(`${address}/api/health?ready=1`);
    if (answer.status === 200 || Date.now() > until) return answer;
    await sleep(500);
  }
}

/** Asks the running Holdfast and the demo, from outside, what the quickstart claims. Returns what was proven, or stops. */
export async function prove({ port, engine, demo, result }) {
  const address = `http://127.0.0.1:${port}`;
  const proven = [];
  const expect = (holds, sentence) => {
    if (!holds) throw new Stop(`Not proven: ${sentence}`);
    proven.push(sentence);
  };
  const health = await get(`${address}/api/health`);
  expect(health.status === 200 && JSON.parse(health.body).status === "ok", "GET /api/health answers 200, status ok");
  const ready = await readiness(address);
  expect(ready.status === 200, `the worker is alive, reaches the Engine (${engine.source} ${engine.version}) and the store${ready.status === 200 ? "" : `: ${ready.body}`}`);
  const signIn = await get(`${address}/sign-in`);
  expect(demo ? signIn.status === 200 : signIn.status < 400, "the sign-in page answers");
  const home = await get(`${address}/`);
  expect([302, 303, 307, 308].includes(home.status), "without a session the overview sends visitors away");
  if (!demo) return proven;

  const page = await get(`${demo.appUrl}/`);
  expect(page.status === 200 && page.body.includes("Price items"), "the demo application shows its page");
  const direct = await countPriceItems(engine, demo.id);
  expect(result.backup.priceItems === direct, `the backup's manifest and a direct count agree: ${direct.toLocaleString("en-US")} price items`);
  expect(["readable", "proven"].includes(result.backup.rung), `the first backup reached the rung "${result.backup.rung}"`);
  return proven;
}
