import { trunkSchema, type Trunk } from "./trunk-schema.js";

/** The demo customer as a trunk: it calls in, and answers whatever number the demo site calls. A site of one's own is called by it only. */
export const demoTrunk = (address: string, port: number, siteNumber: string, callable: boolean): Trunk =>
  trunkSchema.parse({
    name: "demo-customer",
    address,
    port,
    outbound: callable ? { callerId: { number: siteNumber, name: "Legwork" } } : null,
  });
