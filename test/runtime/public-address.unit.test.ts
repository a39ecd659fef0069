import { describe, expect, test } from "vitest";
import { isPublicAddress } from "../../runtime/public-address.ts";

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
