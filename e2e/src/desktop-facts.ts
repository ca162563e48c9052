/** What the server says an agent's desktop shows, as far as tests look. */
export interface DesktopFacts {
  readonly agent: { readonly state: { readonly kind: string } };
  readonly station: { readonly registered: boolean };
  readonly interaction: null | {
    readonly id: string;
    readonly phase: string;
    readonly role: string;
    readonly customer: { readonly name: string; readonly number: string };
    readonly legs: readonly { readonly side: string; readonly callId: string }[];
    readonly focusUri: string;
    readonly consult: null | { readonly stage: string; readonly active: string; readonly target: object };
    readonly controls: Readonly<Record<string, { readonly visible: boolean; readonly enabled: boolean }>>;
  };
  readonly wrapUps: readonly { readonly id: string; readonly customer: { readonly number: string } }[];
}
