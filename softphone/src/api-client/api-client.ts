import type {
  AgentListing,
  Command,
  DialNumberListing,
  EntryPointListing,
  ExpertListing,
  History,
  HistoryQuery,
  NumberCheck,
  QueueListing,
  Session,
  SignInRequest,
  StateRequest,
  SubmitWrapUp,
  Target,
} from "@legwork/shared/api";
import { CallPanelError, type Listed } from "@legwork/shared/call-panel";
import {
  isAgentList,
  isApiError,
  isDialNumberList,
  isEntryPointList,
  isExpertList,
  isHistory,
  isNumberCheck,
  isQueueList,
  isSession,
  parseJson,
} from "./decode.js";

type Method = "GET" | "POST" | "PUT" | "DELETE";

// A command is answered when it is in force, a transfer perhaps after its question of 20 s (CO-5); the server gives up on its own before this.
const ANSWER_TIMEOUT_MS = 40_000;

/** The desktop API over fetch. Every failure is a CallPanelError with the server's code, or `offline`. */
export class ApiClient {
  #csrf = "";

  /** `base`: path of this page's origin below which the API is; empty for its root. */
  constructor(private readonly base: string) {}

  async signIn(request: SignInRequest): Promise<Session> {
    return this.#remember(await this.#request("POST", "/api/session", request));
  }

  async session(): Promise<Session> {
    return this.#remember(await this.#request("GET", "/api/session"));
  }

  async signOut(): Promise<void> {
    await this.#request("DELETE", "/api/session");
  }

  async setState(state: StateRequest): Promise<void> {
    await this.#request("POST", "/api/agent/state", state);
  }

  async agents(): Promise<Listed<AgentListing>> {
    const { agents: all, asOf } = expect(await this.#request("GET", "/api/directory/agents"), isAgentList);
    return { all, asOf };
  }

  async queues(): Promise<Listed<QueueListing>> {
    const { queues: all, asOf } = expect(await this.#request("GET", "/api/directory/queues"), isQueueList);
    return { all, asOf };
  }

  async entryPoints(): Promise<Listed<EntryPointListing>> {
    const answer = await this.#request("GET", "/api/directory/entry-points");
    const { entryPoints: all, asOf } = expect(answer, isEntryPointList);
    return { all, asOf };
  }

  async dialNumbers(): Promise<Listed<DialNumberListing>> {
    const answer = await this.#request("GET", "/api/directory/dial-numbers");
    const { numbers: all, asOf } = expect(answer, isDialNumberList);
    return { all, asOf };
  }

  async experts(search: string): Promise<Listed<ExpertListing>> {
    const query = new URLSearchParams({ search });
    const { experts: all, asOf } = expect(await this.#request("GET", `/api/directory/experts?${query}`), isExpertList);
    return { all, asOf };
  }

  async history(query: Partial<HistoryQuery>): Promise<History> {
    const entries = Object.entries(query).map(([name, value]) => [name, String(value)]);
    return expect(await this.#request("GET", `/api/history?${new URLSearchParams(entries)}`), isHistory);
  }

  async checkNumber(typed: string): Promise<NumberCheck> {
    const query = new URLSearchParams({ typed });
    return expect(await this.#request("GET", `/api/directory/number?${query}`), isNumberCheck);
  }

  async placeCall(target: Target): Promise<void> {
    await this.#request("POST", "/api/calls", { target });
  }

  async command(interaction: string, command: Command): Promise<void> {
    await this.#request("POST", `/api/interactions/${encodeURIComponent(interaction)}/commands`, command);
  }

  async submitWrapUp(wrapUp: string, submitted: SubmitWrapUp): Promise<void> {
    await this.#request("POST", `/api/wrap-ups/${encodeURIComponent(wrapUp)}`, submitted);
  }

  async draftWrapUp(wrapUp: string, draft: SubmitWrapUp): Promise<void> {
    await this.#request("PUT", `/api/wrap-ups/${encodeURIComponent(wrapUp)}/draft`, draft);
  }

  async cancelAutoWrapUp(wrapUp: string): Promise<void> {
    await this.#request("DELETE", `/api/wrap-ups/${encodeURIComponent(wrapUp)}/auto`);
  }

  async demoCall(): Promise<void> {
    await this.#request("POST", "/api/demo/call");
  }

  #remember(body: unknown): Session {
    const session = expect(body, isSession);
    this.#csrf = session.csrf;
    return session;
  }

  async #request(method: Method, path: string, body?: object): Promise<unknown> {
    const init: RequestInit = {
      method,
      credentials: "same-origin",
      cache: "no-store",
      headers: {
        Accept: "application/json",
        ...(method !== "GET" && { "X-CSRF-Token": this.#csrf }),
        ...(body && { "Content-Type": "application/json" }),
      },
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      ...(body && { body: JSON.stringify(body) }),
    };
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.base}${path}`, init);
      text = await response.text();
    } catch (error) {
      throw new CallPanelError("offline", error instanceof Error ? error.message : String(error));
    }
    const answer = parseJson(text);
    if (response.ok) return answer;
    throw failure(response.status, answer);
  }
}

function failure(status: number, answer: unknown): CallPanelError {
  if (isApiError(answer)) return new CallPanelError(answer.error.code, answer.error.message, answer.error.ended);
  return new CallPanelError(status === 401 ? "not-signed-in" : "unavailable", `HTTP ${status}`);
}

function expect<T>(value: unknown, is: (value: unknown) => value is T): T {
  if (is(value)) return value;
  throw new CallPanelError("unavailable", "the answer is not one of the desktop API");
}
