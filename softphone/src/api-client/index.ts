export { ApiClient } from "./api-client.js";
export { EventStream } from "./events.js";
