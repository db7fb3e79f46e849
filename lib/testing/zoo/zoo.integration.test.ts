import { describe, expect, it } from "vitest";
import { startPostgres, testedMajors } from "../containers";
import { makeZoo } from "./make";

describe.each(testedMajors)("the zoo on PostgreSQL %i", (major) => {
  it("can be made twice on one server", async () => {
    const server = await startPostgres({ major });
    try {
      const zoo = await makeZoo(server);
      console.log(zoo.skipped);
      await makeZoo(server, "second");
      expect(zoo.major).toBe(major);
    } finally {
      await server.stop();
    }
  });
});
