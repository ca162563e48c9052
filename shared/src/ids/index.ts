/** Branded ids: a string that cannot be mistaken for another kind of id. The shell makes them; pure code only carries them. */
type Id<Brand extends string> = string & { readonly __brand: Brand };

/** Everything that happens to one customer contact. */
export type InteractionId = Id<"InteractionId">;
/** One person in an interaction, with one or more legs. */
export type SeatId = Id<"SeatId">;
/** One SIP dialog of ours plus its media transport. */
export type LegId = Id<"LegId">;
export type AgentId = Id<"AgentId">;
export type QueueId = Id<"QueueId">;
export type EntryPointId = Id<"EntryPointId">;
export type WrapUpId = Id<"WrapUpId">;
/** Something a person asked for that is owed exactly one answer (a SIP request or an API command). */
export type RequestId = Id<"RequestId">;
/** The implicit subscription of one REFER (RFC 3515 section 2.4.4). */
export type ReferralId = Id<"ReferralId">;

/** Gives a string its brand. For the border (decoders, id makers) and for tests; never to turn one kind of id into another. */
export const brand = <T extends string>(value: string): T => value as T;
