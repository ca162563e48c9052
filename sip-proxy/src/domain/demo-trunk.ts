import { trunkSchema, type Trunk } from "./trunk-schema.js";

/** Where the demo customer is, and whether the demo site runs: then it can be called, too. */
export interface DemoCustomer {
  readonly address: string;
  readonly port: number;
  readonly callable: boolean;
}

/** The demo customer as a trunk: it calls in, and answers whatever number the demo site calls. A site of one's own is called by it only. */
const demoTrunk = ({ address, callable, port }: DemoCustomer, siteNumber: string): Trunk =>
  trunkSchema.parse({
    name: "demo-customer",
    address,
    port,
    outbound: callable ? { callerId: { number: siteNumber, name: "Legwork" } } : null,
  });

/** The site's trunks, and the demo customer as the last of them. */
export const trunksWith = (
  demo: DemoCustomer | null,
  site: { readonly trunks: readonly Trunk[]; readonly entryPoints: readonly { readonly number: string }[] },
): readonly Trunk[] =>
  demo ? [...site.trunks, demoTrunk(demo, site.entryPoints[0]?.number.replace(/^\+?/, "+") ?? "")] : site.trunks;
