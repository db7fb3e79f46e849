import { describe, expect, it } from "vitest";
import { clientAddress } from "./address";

describe("clientAddress", () => {
  it.each([
    ["198.51.100.7", 0, "198.51.100.7"],
    // The client's own claim does not count.
    ["10.0.0.1, 198.51.100.7", 0, "198.51.100.7"],
    // One proxy in front: the socket is the proxy, the entry before it is what the proxy saw.
    ["10.0.0.1, 203.0.113.5, 172.18.0.2", 1, "203.0.113.5"],
    ["203.0.113.5", 3, "203.0.113.5"],
    ["::ffff:198.51.100.7", 0, "198.51.100.7"],
    ["2001:db8::1", 0, "2001:db8::1"],
    ["<script>", 0, "unknown"],
    ["", 0, "unknown"],
    [null, 0, "unknown"],
  ])("reads %s behind %i proxies as %s", (header, proxies, address) => {
    expect(clientAddress(header, proxies)).toBe(address);
  });
});
