import { expect, it } from "vitest";
import { withhold } from "./withhold";

const env = ["PGPASSWORD=s3cret word", "DATABASE_URL=postgresql://shop:p%40ss-w0rd@db:5432/shop", "DSN=host=db password=another-one", "N=1", "EMPTY="];

it.each([
  ["password is s3cret word", "password is [withheld]"],
  ["cannot reach postgresql://shop:p%40ss-w0rd@db:5432/shop", "cannot reach [withheld]"],
  ["refused p@ss-w0rd and p%40ss-w0rd", "refused [withheld] and [withheld]"],
  ["tried another-one", "tried [withheld]"],
  ["redis://x:unknown@cache", "redis://x:[withheld]@cache"],
  ['{"api_key":"abcdef","at":1}', '{"api_key":"[withheld]","at":1}'],
  ["relation 1 does not exist", "relation 1 does not exist"],
])("%j is shown as %j", (text, shown) => {
  expect(withhold(text, env)).toBe(shown);
});

it("takes values out as JSON writes them too", () => {
  expect(withhold(String.raw`{"v":"a\"bcd"}`, ['V=a"bcd'])).toBe('{"v":"[withheld]"}');
});
