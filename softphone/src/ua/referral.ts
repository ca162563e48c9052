import { CallPanelError } from "@legwork/shared/call-panel";
import { type Notification, type Session } from "sip.js";
import { sipfragStatus } from "../model/refer.js";
import { SipRefusal } from "./refused.js";

/** One REFER and its NOTIFYs (RFC 3515): settled by the final sipfrag, a refusal, or the end of the dialog. */
export class Referral {
  readonly result: Promise<void>;
  #resolve!: () => void;
  #reject!: (error: unknown) => void;

  constructor() {
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** SIP.js would write the Refer-To itself, with an unescaped display name; the dialog below it takes ours. */
  send(session: Session, referTo: string): void {
    const { dialog } = session;
    if (!dialog) return this.#reject(new CallPanelError("sip-failed", "the call is not established"));
    const extraHeaders = [
      `Refer-To: ${referTo}`,
      `Referred-By: <${session.userAgent.configuration.uri.toString()}>`,
      `Contact: ${session.userAgent.contact.toString()}`,
    ];
    dialog.refer(
      {
        onReject: (response) => this.#reject(SipRefusal.of(response)),
        onRedirect: (response) => this.#reject(SipRefusal.of(response)),
      },
      { extraHeaders },
    );
  }

  handleNotify(notification: Notification): void {
    void notification.accept();
    const status = sipfragStatus(notification.request.body);
    if (status === undefined || status < 200) return;
    if (status < 300) this.#resolve();
    else this.#reject(new SipRefusal(status, "the referral failed", notification.request.getHeader("Warning")));
  }

  /** The dialog ended first. After a final NOTIFY this changes nothing. */
  handleEnd(): void {
    this.#reject(new CallPanelError("sip-failed", "the call ended before the referral was answered"));
  }
}
