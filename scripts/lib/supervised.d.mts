/** One watched process of the product. */
export class Supervised {
  readonly pid: number | undefined;
}
