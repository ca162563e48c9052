export { ApiClient } from "./api-client.js";
export { EventStream, type StreamListener } from "./events.js";
