export {
  CONTROL_PROTOCOL,
  controlEvent,
  controlReply,
  controlRequest,
  decodeFromMediaServer,
  decodeFromSipProxy,
  legPlanFromWire,
  legPlanToWire,
} from "./messages.js";
export type {
  ControlError,
  ControlEvent,
  ControlReply,
  ControlRequest,
  ControlRequestBody,
  ControlResult,
  Decoded,
  FromMediaServer,
  LegPlanWire,
  MediaDump,
} from "./messages.js";
