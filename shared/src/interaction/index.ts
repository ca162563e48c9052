export type {
  Asked,
  ConsultTarget,
  DigitsAfterAnswer,
  InteractionEvent,
  LegFailure,
  Outside,
  Report,
  Request,
  TimerName,
} from "./events.js";
