export { SipPhone } from "./sip-phone.js";
