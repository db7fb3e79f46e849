import { expect, it } from "vitest";
import { Application } from "./schemas";

it("is absent where nothing was said of it, as in every row from before", () => {
  expect(Application.parse({ containers: ["app"], healthUrl: null, healthSeconds: 60, stopSeconds: 10 }).rehearsal).toBeNull();
});

it.each(["http://localhost:8000/health", "http://127.0.0.1/", "http://localhost:8000/health?deep=1"])("asks %s", (url) => {
  expect(Application.parse({ rehearsal: { container: " app ", url } }).rehearsal).toEqual({ container: "app", url });
});

it.each(["https://localhost/", "http://example.com/health", "http://localhost.example.com/", "http://10.0.0.1:8000/", "localhost:8000", ""])("refuses %j at its field", (url) => {
  const wrong = Application.safeParse({ rehearsal: { container: "app", url } });
  expect(wrong.error?.issues.map(({ path, message }) => [path.join("."), message])).toContainEqual(["rehearsal.url", "Write an address inside the copy, such as http://localhost:8000/health."]);
});

it("refuses an address without a container, at that field", () => {
  expect(Application.safeParse({ rehearsal: { container: " ", url: "http://localhost/" } }).error?.issues).toMatchObject([{ path: ["rehearsal", "container"], message: "Name the container to copy." }]);
});
