import { Web } from "sip.js";

/**
 * SIP.js's WebSocket, with WS in the Via whatever the page came by. A page over https speaks wss to the proxy that ends TLS;
 * from there on it is a plain WebSocket, and a server such as drachtio drops a message whose Via says another transport than the
 * one it came on (RFC 7118 5.2.1 has WS and WSS as two transports).
 */
export class PlainViaTransport extends Web.Transport {
  override get protocol(): string {
    return "WS";
  }
}
