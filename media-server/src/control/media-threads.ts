import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ControlEvent } from "@legwork/shared/control";
import type { Logger } from "pino";
import { failed } from "../thread/leg-session.js";
import type { FromThread, ThreadReply, ThreadRequest, ThreadRequestBody, ThreadStart } from "../thread/messages.js";

const ENTRY = fileURLToPath(new URL("../thread-main.js", import.meta.url));

/** What the threads tell: facts about legs, and the end of a thread with all it had. */
export interface ThreadEvents {
  event(event: ControlEvent): void;
  died(thread: number): void;
}

interface Running {
  readonly child: ChildProcess;
  readonly waiting: Map<number, (reply: ThreadReply) => void>;
}

/** The media threads: each is a process with its own mediasoup worker, sockets and mixer. One that dies is started again, empty. */
export class MediaThreads {
  readonly #start: Omit<ThreadStart, "thread">;
  readonly #events: ThreadEvents;
  readonly #log: Logger;
  readonly #running: Running[] = [];
  #nextId = 1;
  #closing = false;

  private constructor(start: Omit<ThreadStart, "thread">, events: ThreadEvents, log: Logger) {
    this.#start = start;
    this.#events = events;
    this.#log = log;
  }

  /** Starts the threads; throws when one of them does not come up, and leaves none behind then. */
  static async create(
    count: number,
    start: Omit<ThreadStart, "thread">,
    events: ThreadEvents,
    log: Logger,
  ): Promise<MediaThreads> {
    const threads = new MediaThreads(start, events, log);
    try {
      await Promise.all(Array.from({ length: count }, (_, thread) => threads.#launch(thread)));
    } catch (error) {
      await threads.close(); // The others would keep the process alive.
      throw error;
    }
    return threads;
  }

  get count(): number {
    return this.#running.length;
  }

  ask(thread: number, body: ThreadRequestBody): Promise<ThreadReply> {
    const running = this.#running[thread];
    if (!running) return Promise.resolve(failed("internal", `there is no thread ${thread}`));
    const id = this.#nextId++;
    return new Promise((resolve) => {
      running.waiting.set(id, resolve);
      running.child.send({ id, body } satisfies ThreadRequest);
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    const left = this.#running.map(({ child }) => child).filter((child) => child.exitCode === null && child.signalCode === null); // prettier-ignore
    const ended = left.map((child) => new Promise((resolve) => child.once("exit", resolve)));
    for (const child of left) if (child.connected) child.disconnect();
    await Promise.all(ended);
  }

  #launch(thread: number): Promise<void> {
    const child = fork(ENTRY, [JSON.stringify({ ...this.#start, thread } satisfies ThreadStart)]);
    const running: Running = { child, waiting: new Map() };
    this.#running[thread] = running;
    return new Promise((resolve, reject) => {
      let ready = false;
      child.on("message", (message: FromThread) => {
        if (message.kind === "ready") {
          ready = true;
          resolve();
        } else this.#onMessage(running, message);
      });
      child.on("error", (error) => {
        this.#log.error({ thread, err: error }, "media thread failed");
        if (!ready) reject(error);
      });
      child.on("exit", (code) => {
        if (!ready) reject(new Error(`media thread ${thread} ended with ${code} before it was up`));
        this.#onExit(thread, running, ready);
      });
    });
  }

  #onMessage(running: Running, message: Exclude<FromThread, { kind: "ready" }>): void {
    switch (message.kind) {
      case "reply":
        running.waiting.get(message.id)?.(message.reply);
        running.waiting.delete(message.id);
        return;
      case "event":
        return this.#events.event(message.event);
      case "log":
        return this.#log[message.level](message.fields, message.message);
    }
  }

  #onExit(thread: number, running: Running, wasReady: boolean): void {
    for (const answer of running.waiting.values())
      answer(this.#closing ? { ok: true, result: { type: "done" } } : failed("internal", "the media thread died"));
    running.waiting.clear();
    if (this.#closing || !wasReady) return;
    this.#events.died(thread);
    this.#launch(thread).catch((error: unknown) => {
      // Without this thread the process serves nobody well; its supervisor starts it anew.
      this.#log.fatal({ thread, err: String(error) }, "media thread cannot be started again");
      process.exit(1);
    });
  }
}
