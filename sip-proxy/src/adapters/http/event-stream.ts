import type { Request, Response } from "express";
import type { AgentId } from "@legwork/shared/ids";
import type { Desktops } from "../../app/desktops.js";

/** Keeps proxies from closing a quiet stream. */
const HEARTBEAT_MS = 15_000;

/** GET /api/events: server-sent events, resumed with Last-Event-ID. */
export function openEventStream(req: Request, res: Response, agent: AgentId, desktops: Desktops): void {
  res.writeHead(200, {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
  });
  const send = (event: string, id: string, data: object): void => {
    res.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const heartbeat = setInterval(() => res.write(": still here\n\n"), HEARTBEAT_MS);
  const stop = desktops.open(
    agent,
    {
      desktop: (id, desktop) => send("desktop", id, desktop),
      notice: (id, notice) => send("notice", id, notice),
      end: (ended) => res.end(`event: end\ndata: ${JSON.stringify({ ended })}\n\n`),
    },
    req.get("Last-Event-ID") ?? null,
  );
  res.on("close", () => {
    clearInterval(heartbeat);
    stop();
  });
}
