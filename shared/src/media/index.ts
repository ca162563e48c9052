export type { LegPlan, LegSource, SeatPlan, SeatSource } from "./plan.js";
export { AUDIO_PROFILES } from "./profiles.js";
