export type { Asked, ConsultTarget, InteractionEvent, LegFailure, Report, Request, TimerName } from "./events.js";
