import { BlockList, isIPv4 } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isPublicAddress, privateAddressIn } from "../../runtime/public-address.ts";

test.each([
  "1.1.1.1",
  "8.8.8.8",
  "93.184.215.14",
  "172.15.255.255",
  "172.32.0.1",
  "192.167.255.255",
  "100.63.255.255",
  "100.128.0.1",
  "198.17.255.255",
  "198.20.0.1",
  "223.255.255.254",
  "168.63.129.15",
  "2606:4700:4700::1111",
  "2a00:1450:4001:80b::200e",
])("public: %s", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

/** What webhooks.md 2.8 names and what the registries of special addresses (RFC 6890) add to it. */
const RANGES: readonly (readonly [string, string, number])[] = [
  ["this network", "0.0.0.0", 8],
  ["RFC 1918", "10.0.0.0", 8],
  ["RFC 1918", "172.16.0.0", 12],
  ["RFC 1918", "192.168.0.0", 16],
  ["CGNAT", "100.64.0.0", 10],
  ["loopback", "127.0.0.0", 8],
  ["link-local, metadata", "169.254.0.0", 16],
  ["protocol assignments", "192.0.0.0", 24],
  ["documentation", "192.0.2.0", 24],
  ["6to4 relays", "192.88.99.0", 24],
  ["benchmarking", "198.18.0.0", 15],
  ["documentation", "198.51.100.0", 24],
  ["documentation", "203.0.113.0", 24],
  ["multicast", "224.0.0.0", 4],
  ["class E and broadcast", "240.0.0.0", 4],
  ["Azure's agent", "168.63.129.16", 32],
  ["unspecified", "::", 128],
  ["loopback", "::1", 128],
  ["IPv4-compatible", "::", 96],
  ["IPv4-mapped", "::ffff:0:0", 96],
  ["IPv4-translated", "::ffff:0:0:0", 96],
  ["NAT64", "64:ff9b::", 96],
  ["NAT64 of one's own", "64:ff9b:1::", 48],
  ["discard", "100::", 64],
  ["Teredo", "2001::", 32],
  ["benchmarking", "2001:2::", 48],
  ["ORCHID", "2001:10::", 28],
  ["ORCHIDv2", "2001:20::", 28],
  ["documentation", "2001:db8::", 32],
  ["6to4", "2002::", 16],
  ["documentation", "3fff::", 20],
  ["SRv6", "5f00::", 16],
  ["unique local", "fc00::", 7],
  ["EC2's metadata", "fd00:ec2::254", 128],
  ["link-local", "fe80::", 10],
  ["site-local", "fec0::", 10],
  ["multicast", "ff00::", 8],
];

describe("bar 10 no address of a range that is not the public internet is public: first, last, any", () => {
  test.each(RANGES)("%s %s/%i", (_, network, prefix) => {
    const family = isIPv4(network) ? "ipv4" : "ipv6";
    const bits = family === "ipv4" ? 32n : 128n;
    const range = new BlockList();
    range.addSubnet(network, prefix, family);
    const size = 1n << (bits - BigInt(prefix));
    const base = numberOf(network);
    const inside = fc.oneof(fc.constantFrom(0n, size - 1n), fc.bigInt(0n, size - 1n));
    fc.assert(
      fc.property(inside, (offset) => {
        const address = addressOf(base + offset, family);
        expect([address, range.check(address, family)]).toEqual([address, true]);
        expect([address, isPublicAddress(address)]).toEqual([address, false]);
      }),
    );
  });
});

const HEXTETS = 8;

/** The number that an address stands for. */
function numberOf(address: string): bigint {
  if (isIPv4(address)) return address.split(".").reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  const [left = [], right = []] = address.split("::").map((half) => half.split(":").filter((part) => part !== ""));
  const zeros = Array.from({ length: HEXTETS - left.length - right.length }, () => "0");
  return [...left, ...zeros, ...right].reduce((value, part) => (value << 16n) | BigInt(`0x${part}`), 0n);
}

function addressOf(value: bigint, family: "ipv4" | "ipv6"): string {
  const [parts, width, base, separator] = family === "ipv4" ? [4, 8n, 10, "."] : [HEXTETS, 16n, 16, ":"];
  const shifts = Array.from({ length: Number(parts) }, (_, index) => BigInt(Number(parts) - 1 - index) * BigInt(width));
  const mask = (1n << BigInt(width)) - 1n;
  return shifts.map((shift) => ((value >> shift) & mask).toString(Number(base))).join(String(separator));
}

describe("a URL that names a private address, in whatever spelling, is found", () => {
  test.each([
    ["https://127.0.0.1/", "127.0.0.1"],
    ["https://127.0.0.1./", "127.0.0.1"],
    ["https://2130706433/", "127.0.0.1"],
    ["https://0x7f000001/", "127.0.0.1"],
    ["https://0x7f.0.0.0x1/", "127.0.0.1"],
    ["https://017700000001/", "127.0.0.1"],
    ["https://0177.0.0.1/", "127.0.0.1"],
    ["https://127.1/", "127.0.0.1"],
    ["https://10.1/", "10.0.0.1"],
    ["https://%31%32%37.0.0.1/", "127.0.0.1"],
    ["https://１２７。0。0。1/", "127.0.0.1"],
    ["https://0/", "0.0.0.0"],
    ["https://[::1]/", "::1"],
    ["https://[0:0:0:0:0:0:0:1]/", "::1"],
    ["https://[::ffff:127.0.0.1]/", "::ffff:7f00:1"],
    ["https://[::ffff:a9fe:a9fe]/", "::ffff:a9fe:a9fe"],
    ["https://[fd00:ec2::254]/", "fd00:ec2::254"],
    ["https://168.63.129.16/", "168.63.129.16"],
    ["https://localhost/", "localhost"],
    ["https://LOCALHOST./", "localhost"],
    ["https://hooks.localhost/", "hooks.localhost"],
  ])("%s", (url, address) => expect(privateAddressIn(url)).toBe(address));

  test.each([
    "https://8.8.8.8/",
    "https://134744072/",
    "https://[2606:4700:4700::1111]/",
    "https://partner.example/",
    "?",
  ])("not in %s", (url) => expect(privateAddressIn(url)).toBeNull());
});

describe("bar 10 every range that is not the public internet is refused", () => {
  test.each([
    ["RFC 1918", ["10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255"]],
    ["loopback", ["127.0.0.1", "127.1.2.3", "127.255.255.255", "::1"]],
    ["this network", ["0.0.0.0", "0.1.2.3", "::"]],
    ["link-local", ["169.254.0.1", "169.254.169.254", "fe80::1", "fe80::1%eth0", "febf::1"]],
    ["shared address space", ["100.64.0.1", "100.100.100.200", "100.127.255.255"]],
    ["benchmarking", ["198.18.0.1", "198.19.255.255", "2001:2::1"]],
    ["protocol assignments", ["192.0.0.1", "192.0.0.192", "192.88.99.1"]],
    ["documentation", ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"]],
    ["class E and broadcast", ["240.0.0.1", "255.255.255.254", "255.255.255.255"]],
    ["multicast", ["224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"]],
    ["unique local", ["fc00::1", "fd00::1", "fdff::1"]],
    ["site-local", ["fec0::1"]],
    ["discard", ["100::1"]],
    ["segment routing", ["5f00::1"]],
    ["outside global unicast", ["::2", "1000::1", "4000::1", "8000::1", "c000::1", "fe00::1"]],
  ])("%s", (_, addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });

  test.each([
    ["IPv4-mapped", ["::ffff:127.0.0.1", "::ffff:7f00:1", "0:0:0:0:0:ffff:0a00:0001", "::ffff:8.8.8.8"]],
    ["IPv4-compatible", ["::127.0.0.1", "::7f00:1", "::8.8.8.8"]],
    ["IPv4-translated", ["::ffff:0:127.0.0.1"]],
    ["6to4", ["2002:7f00:1::1", "2002:0a00:0001::1"]],
    ["NAT64", ["64:ff9b::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1"]],
    ["Teredo", ["2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"]],
  ])("forms that carry another address inside: %s", (_, addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });

  test("a cloud's metadata and agents", () => {
    const clouds = ["169.254.169.254", "168.63.129.16", "fd00:ec2::254", "100.100.100.200", "192.0.0.192"];
    expect(clouds.filter(isPublicAddress)).toEqual([]);
  });
});

test.each([
  "",
  "localhost",
  "example.com",
  "1.2.3",
  "010.0.0.1",
  "0x7f.1",
  "1.2.3.4.5",
  "256.1.1.1",
  "1.1.1.1/32",
  ":::",
  "[::1]",
  "8.8.8.8 ",
])("what is no IP address is not public: %j", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});
