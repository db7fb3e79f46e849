import type { Page, Request } from "@playwright/test";

/** What a page sends when a server action is called, so that somebody else can try to send the same. */
export interface CapturedAction {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** Does something on the page and keeps the server action that it calls. */
export async function captureAction(page: Page, press: () => Promise<void>): Promise<CapturedAction> {
  const isAction = (request: Request) => request.method() === "POST" && request.headers()["next-action"] !== undefined;
  const [request] = await Promise.all([page.waitForRequest(isAction), press()]);
  const { cookie: _, "content-length": __, host: ___, ...headers } = request.headers();
  return { url: request.url(), headers, body: request.postData() ?? "" };
}
