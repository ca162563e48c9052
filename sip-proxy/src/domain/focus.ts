/** RFC 4353, RFC 4579: names of foci. Pure. */
import { brand, type InteractionId } from "@legwork/shared/ids";

/** User part of the site's conference factory: what a telephone's conference key calls. */
export const FACTORY = "conference";

/** What the conferences of a site are called by: nobody else can be. */
export const namesConference = (user: string): boolean => user === FACTORY || interactionOfFocus(user) !== null;

/** User part of the focus of an interaction. */
export const focusUser = (interaction: InteractionId): string => `focus-${interaction}`;

/** RFC 4353: where the conference of an interaction is asked for. */
export const focusUri = (interaction: InteractionId, host: string): string => `sip:${focusUser(interaction)}@${host}`;

/** The interaction that a user part names the focus of; null: it is no focus. */
export const interactionOfFocus = (user: string): InteractionId | null =>
  user.startsWith("focus-") ? brand<InteractionId>(user.slice("focus-".length)) : null;
