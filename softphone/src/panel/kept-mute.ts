/**
 * Which interaction the agent is muted in, kept in this browser for all its tabs: a call that comes back after a reload, or in another
 * tab, comes back muted. A browser without storage forgets it with the page.
 */
export class KeptMute {
  constructor(private readonly name: string) {}

  read(): string | null {
    try {
      return localStorage.getItem(this.name);
    } catch {
      return null;
    }
  }

  /** Null: in none. */
  write(interaction: string | null): void {
    try {
      if (interaction === null) localStorage.removeItem(this.name);
      else localStorage.setItem(this.name, interaction);
    } catch {
      // Storage is switched off or full.
    }
  }
}
