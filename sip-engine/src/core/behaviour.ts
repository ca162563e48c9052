/** Longest parts of a SIP message taken from an app, in bytes; what is longer is cut off. */
export interface TextLimits {
  readonly startLine: number;
  readonly headers: number;
  readonly body: number;
}

/**
 * Everything in which the engine can act as the RFCs ask or as drachtio-server 0.9.10 acts. The core asks for a
 * choice where it matters; the two sets of choices are in behaviours.ts.
 */
export interface Behaviour {
  readonly name: "none" | "drachtio-server";

  // What apps may do

  /** drachtio-server carries out commands of an app that has not authenticated. */
  readonly authentication: "required" | "optional";
  /** drachtio-server takes all verbs from the app, whichever `remove_route` names. */
  readonly routeRemoval: "named-verb" | "all-verbs";
  /** drachtio-server keeps a verb asked for twice twice: that app's turn comes twice as often. */
  readonly repeatedRoute: "counts-once" | "weighs";
  /** Longest frame an app may send, bytes. drachtio-server reads into a ring of 12 228 bytes. */
  readonly longestFrame: number;
  /** After a longer frame drachtio-server never reads a frame of that connection again, and leaves it open. */
  readonly longFrame: "closes" | "deafens";
  /** drachtio-server copies an app's message into buffers of these sizes; null: nothing is cut. */
  readonly textLimits: TextLimits | null;
  /**
   * An app's connection is gone. We answer what it has not (503) and hang up on callees who answer its calls.
   * drachtio-server lets callers ring on and callees wait, and has nothing like `orphaned-calls`.
   */
  readonly lostApp: "ends-open-requests" | "leaves-open-requests";
  /** An app never answers: 480 to an INVITE after 128 T1, 500 to others after 64 T1. drachtio-server forgets both after 128 T1. */
  readonly unanswered: "refused" | "forgotten";
  /** A second final response after a 200: drachtio-server answers OK, echoes the first and sends nothing. */
  readonly secondFinal: "refused" | "echoes-first";
  /** The echo of a 200 held back until a reliable response is acknowledged: drachtio-server shows that response instead. */
  readonly heldEcho: "itself" | "previous";
  /** RFC 3261 8.2.6.2: a response repeats the To of its request. drachtio-server writes the app's To header. */
  readonly answerTo: "of-the-request" | "of-the-app";
  /** A `tel:` URI without route kills drachtio-server (every app loses its connection); here the one app loses its own. */
  readonly telTarget: "declined" | "drops-the-app";

  // Registered connections

  /** What a registered connection is found by: the Contact with its port, or only user and host. */
  readonly flowKey: "contact" | "user-and-host";
  /** Methods that take a registered connection outside dialogs; null: all. */
  readonly flowMethods: ReadonlySet<string> | null;
  /** A registered TCP connection that has closed is opened anew; drachtio-server says 410 until the registration ends. */
  readonly closedFlow: "reopened" | "gone";
  /** A 200 to REGISTER that says nothing of expiry grants what was asked (RFC 3261 10.3); drachtio-server takes it for zero. */
  readonly untoldExpiry: "as-asked" | "none";
  /** A 200 to REGISTER lists all addresses of the account (RFC 3261 10.3). drachtio-server takes the time of the first for every address. */
  readonly grantedExpiry: "of-the-contact" | "of-the-first";

  // Requests from the network

  /** REFER outside a dialog, PRACK that matches nothing, unknown methods: 405, 481, 501 or the app; drachtio-server is silent. */
  readonly strayRequest: "answered" | "ignored";
  /** RFC 3261 17.2.1: a repeated INVITE gets the last response. drachtio-server gives none until the app has said something. */
  readonly repeatedInvite: "answered" | "ignored";
  /** CANCEL after the 200. RFC 3261 9.2: 200, without effect. drachtio-server: 481. */
  readonly lateCancel: 200 | 481;
  /** The 487 to an INVITE cancelled before any response: drachtio-server sends it once, with a To tag of its own. */
  readonly quickCancel: "by-transaction" | "stateless";
  /** drachtio-server drops requests whose top Via names another transport than the one they came on. */
  readonly viaTransport: "any" | "must-match";
  /**
   * RFC 3261 12.1: a tagged 1xx makes an early dialog. For drachtio-server only a reliable one does: before that an
   * app's requests find no dialog, BYE gets 481, UPDATE see `earlyUpdate`, others come as new requests.
   */
  readonly earlyDialogs: "tagged" | "reliable";
  /**
   * RFC 3311: UPDATE before the INVITE is answered is a transaction of its own. drachtio-server gives it the INVITE's
   * transaction id, tells the answers apart by CSeq, and answers 500 to a second one.
   */
  readonly earlyUpdate: "own-transaction" | "invite-transaction";
  /** Requests a BYE leaves open. RFC 3261 15.1.2: 487. drachtio-server: 500. */
  readonly openAtBye: 487 | 500;
  /** RFC 3261 12.2.2: 500 to a CSeq lower than one seen before. drachtio-server does not look. */
  readonly cseqOrder: "checked" | "ignored";
  /** RFC 3261 14.2: a 2xx to a re-INVITE is repeated until its ACK. drachtio-server sends it once and never misses the ACK. */
  readonly reinviteAnswer: "repeated" | "once";
  /** RFC 3261 13.3.1.4: a 2xx to INVITE is repeated over TCP and WebSocket as well. drachtio-server only waits for its ACK. */
  readonly streamAnswer: "repeated" | "once";
  /** RFC 3261 12.2: re-INVITE, UPDATE and their 2xx change the remote target. drachtio-server keeps the first. */
  readonly targetRefresh: "followed" | "ignored";
  /** RFC 6665: the app answers the NOTIFY that ends a subscription. drachtio-server answers 500 and drops the dialog first. */
  readonly lastNotify: "app-answers" | "refused";
  /** RFC 6665 4.4.1: a NOTIFY before the 2xx to SUBSCRIBE makes the dialog. drachtio-server shows it, without dialog id, and answers 500. */
  readonly earlyNotify: "makes-dialog" | "refused";
  /** RFC 3261 13.1: any 2xx to INVITE makes a dialog. drachtio-server: 200 only. */
  readonly dialogAnswers: "any-2xx" | "200-only";
  /** A request on a new connection, or a re-INVITE from a new address, moves the dialog there; not in drachtio-server. */
  readonly dialogPath: "follows-peer" | "fixed";

  // Requests of apps

  /** First wait before a request is repeated over UDP, in T1. RFC 3261 17.1: 1. drachtio-server: 2 (1, 3, 7, 15 s). */
  readonly firstRepeat: 1 | 2;
  /** After a 1xx other than 100 to a request in a dialog drachtio-server never delivers the final response. */
  readonly provisionalInDialog: "passes" | "ends-transaction";
  /** RFC 3261 13.2.2.4: an ACK has the CSeq number of its INVITE. drachtio-server gives a re-INVITE's the latest used. */
  readonly reinviteAck: "number-of-invite" | "latest-number";
  /** RFC 3261 22.1: the ACK repeats the credentials of its INVITE. drachtio-server leaves them out. */
  readonly ackCredentials: "repeated" | "omitted";
  /** RFC 3261 13.2.2.4: a 2xx of a second fork is acknowledged and hung up on. drachtio-server sends it the first ACK again. */
  readonly secondFork: "hung-up" | "first-ack-again";
  /** drachtio-srf makes no dialog of a 2xx without Contact. We hang up after the ACK; drachtio-server keeps the dialog. */
  readonly noContact: "hung-up" | "kept";
  /** A CANCEL no final response follows: 487 after 64 T1. drachtio-server never tells. */
  readonly unansweredCancel: "told" | "untold";
  /** RFC 3261 9.1: a re-INVITE can be cancelled. drachtio-server does so only ahead of a BYE and answers the app's own CANCEL `NOK`. */
  readonly reinviteCancel: "possible" | "declined";
  /** drachtio-server writes a Call-ID an app gives into requests inside dialogs, too. */
  readonly appCallId: "new-calls" | "everywhere";
  /** What a request in the dialog of a closed WebSocket gets. drachtio-server tries to connect to the Contact: 503. */
  readonly closedInDialog: 410 | 503;
  /** How long a callee may ring, milliseconds; null: as long as the app lets it. drachtio-server has a timer C. */
  readonly ringingLimitMs: number | null;
  /** RFC 3311 5.1: UPDATE has a Contact. drachtio-server adds none. */
  readonly updateContact: "added" | "left-to-app";

  // Session timers and proxying

  /** RFC 4028 9: who is to refresh is told so by `Require: timer`. drachtio-server does not. */
  readonly timerRequired: "stated" | "unstated";
  /** RFC 4028 10: a silent peer loses the call a little before the interval is over. drachtio-server: at its end. */
  readonly sessionExpiry: "ahead" | "on-time";
  /** drachtio-server reads `finalTimeout` and never uses it. */
  readonly finalTimeout: "honoured" | "ignored";
  /** RFC 3261 17.1: requests are repeated over UDP only. drachtio-server repeats those it proxies over TCP as well. */
  readonly proxyRepeats: "over-udp" | "everywhere";
  /** RFC 3261 16.7: a target's 503 goes upstream as 500. drachtio-server passes it on. */
  readonly targetUnavailable: 500 | 503;
}
