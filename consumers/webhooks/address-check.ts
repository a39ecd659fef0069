/** A webhook would have gone to an address that is not on the public internet. Nothing was sent. */
export class RefusedAddress extends Error {
  readonly address: string;

  constructor(address: string) {
    super(`${address} is not a public address; webhooks go to public addresses only`);
    this.name = "RefusedAddress";
    this.address = address;
  }
}
