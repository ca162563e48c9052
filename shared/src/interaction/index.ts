export type {
  Asked,
  ConsultTarget,
  DigitsAfterAnswer,
  InteractionEvent,
  InteractionPolicy,
  LegFailure,
  Outside,
  Report,
  Request,
  TimerName,
} from "./events.js";
