export type { LegPlan, LegSource, SeatPlan, SeatSource } from "./plan.js";
