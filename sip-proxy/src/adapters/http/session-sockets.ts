import type { Duplex } from "node:stream";
import type { Session } from "../../app/sessions.js";

/** The WebSockets that were opened with a session's cookie: they end with it. */
export class SessionSockets {
  readonly #sockets = new Map<string, Set<Duplex>>();

  add({ token }: Session, socket: Duplex): void {
    const sockets = this.#sockets.get(token) ?? new Set();
    this.#sockets.set(token, sockets.add(socket));
    socket.once("close", () => {
      sockets.delete(socket);
      if (sockets.size === 0) this.#sockets.delete(token);
    });
  }

  closeAll({ token }: Session): void {
    for (const socket of this.#sockets.get(token) ?? []) socket.destroy();
  }
}
