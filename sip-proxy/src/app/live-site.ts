import type { SiteData } from "@legwork/shared/store";

/** The site's data as it is now: whoever holds this sees every change at once (DI-1). */
export class LiveSite implements SiteData {
  constructor(private data: SiteData) {}

  /** From now on it is this. */
  replace(data: SiteData): void {
    this.data = data;
  }

  /** The present data, which later changes leave as it is. */
  get snapshot(): SiteData {
    return this.data;
  }

  get agents(): SiteData["agents"] {
    return this.data.agents;
  }
  get queues(): SiteData["queues"] {
    return this.data.queues;
  }
  get entryPoints(): SiteData["entryPoints"] {
    return this.data.entryPoints;
  }
  get wrapUpReasons(): SiteData["wrapUpReasons"] {
    return this.data.wrapUpReasons;
  }
  get idleReasons(): SiteData["idleReasons"] {
    return this.data.idleReasons;
  }
  get experts(): SiteData["experts"] {
    return this.data.experts;
  }
  get dialNumbers(): SiteData["dialNumbers"] {
    return this.data.dialNumbers;
  }
}
