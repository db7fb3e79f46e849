import http from "node:http";

/**
 * One GET: `{ status, body }`, redirects not followed. Rejects when nothing answers in time. Not `fetch`: a pending one does
 * not keep this Node alive, so a script that only waits for it would end in the middle.
 */
export function httpGet(url, timeoutMs = 5_000) {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent: false }, async (response) => {
      try {
        let body = "";
        for await (const chunk of response.setEncoding("utf8")) body += chunk;
        resolve({ status: response.statusCode, body });
      } catch (error) {
        reject(error);
      } finally {
        clearTimeout(timer);
      }
    });
    const timer = setTimeout(() => request.destroy(new Error(`${url} did not answer in ${timeoutMs / 1_000} s`)), timeoutMs);
    request.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

/** Whether a GET is answered with 200 in time. */
export async function answers(url, timeoutMs) {
  try {
    return (await httpGet(url, timeoutMs)).status === 200;
  } catch {
    return false;
  }
}
