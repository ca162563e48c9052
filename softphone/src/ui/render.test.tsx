import { describe, expect, it } from "@jest/globals";
import type { CallPanelState, Language } from "@legwork/shared/call-panel";
import { I18nextProvider } from "react-i18next";
import { renderToStaticMarkup } from "react-dom/server";
import { samplePanel } from "../gallery/sample-panel.js";
import { SAMPLES } from "../gallery/samples.js";
import { initialsOf } from "./avatar.js";
import { Desktop } from "./desktop.js";
import { createI18n, preferredLanguage, timeLocale } from "./i18n.js";
import { PanelProvider } from "./panel-context.js";
import { SignIn } from "./sign-in.js";

const sample = (name: string): CallPanelState => {
  const state = SAMPLES[name];
  if (!state) throw new Error(`no sample ${name}`);
  return state;
};

const endOf = ({ connection }: CallPanelState) =>
  connection.kind === "signed-out" && connection.why !== "other-tab" && connection.why !== "other-tab-closed"
    ? connection.why
    : null;

function html(name: string, language: Language = "en"): string {
  const state = sample(name);
  return renderToStaticMarkup(
    <I18nextProvider i18n={createI18n(language)}>
      <PanelProvider panel={samplePanel(state, "loaded", null)}>
        {state.desktop ? <Desktop desktop={state.desktop} /> : <SignIn ended={endOf(state)} />}
      </PanelProvider>
    </I18nextProvider>,
  );
}

/** The opening tag of the element with this test id. */
const tag = (markup: string, id: string) => new RegExp(`<[^>]*data-testid="${id}"[^>]*>`).exec(markup)?.[0] ?? "";

describe("the desktop", () => {
  it.each(Object.keys(SAMPLES))("has no key without a text on %s, in both languages", (name) => {
    for (const language of ["en", "nb"] as const) {
      const text = html(name, language).replace(/<[^>]*>/g, " ");
      expect(text).not.toMatch(
        /\b(errors|notices|controls|phases|status|consult|signIn|idle|hears|sides|roles|dialogs|targets|number|incoming)\.[a-z]/,
      );
      expect(text).not.toContain("{{");
    }
  });

  it("[DF-6] shows Resume, Transfer and Conference while the target rings, disabled and with the reason", () => {
    const markup = html("consult-ringing");
    for (const name of ["resume", "transfer", "conference"]) {
      const button = tag(markup, `control-${name}`);
      expect(button).toContain('aria-disabled="true"');
      const reason = /aria-describedby="([^"]*)"/.exec(button)?.[1] ?? "none";
      expect(markup).toContain(`id="${reason}">Possible when the other party has answered.`);
    }
    for (const name of ["end-consult", "back-to-customer"]) {
      expect(tag(markup, `control-${name}`)).toContain('aria-disabled="false"');
    }
  });

  it("[CO-14] says for whom it waits and what the agent hears while a queue looks for somebody", () => {
    const card = /data-testid="consult-card"[^]*?<\/section>/.exec(html("consult-queued"))?.[0] ?? "";
    expect(card).toContain('data-stage="queued"');
    expect(card).toContain("Second line");
    expect(card).toContain("You hear its music.");
    expect(html("consult-queued", "nb")).toContain("Du hører køens musikk.");
    const seat = /<li[^>]*data-role="owner"[^>]*>/.exec(html("consult-queued"))?.[0] ?? "";
    expect(seat).toContain('data-hears="music"');
    for (const name of ["end-consult", "back-to-customer"]) {
      expect(tag(html("consult-queued"), `control-${name}`)).toContain('aria-disabled="false"');
    }
  });

  it("[DF-6] enables them when the target has answered", () => {
    const markup = html("consult-answered");
    for (const name of ["resume", "transfer", "conference"]) {
      expect(tag(markup, `control-${name}`)).toContain('aria-disabled="false"');
    }
  });

  it("[HO-3] shows held by the server's phase, not by the button that was pressed", () => {
    const asked = html("putting-on-hold");
    expect(tag(asked, "phase")).toContain('data-phase="connected"');
    expect(tag(asked, "control-hold")).toContain('aria-busy="true"');
    expect(tag(html("held"), "phase")).toContain('data-phase="held"');
  });

  it("[CO-11] gives the consulted agent only the way out and the keypad", () => {
    const markup = html("consulted-agent");
    for (const name of ["hold", "consult", "resume", "transfer", "conference", "end-consult", "end"]) {
      expect(tag(markup, `control-${name}`)).toBe("");
    }
    expect(tag(markup, "control-leave")).toContain('aria-disabled="false"');
    expect(markup).toContain("Cecilie Strand");
  });

  it("shows how the line to a colleague sounds where this agent's own leg leads there", () => {
    const card = (name: string, id: string) =>
      new RegExp(`data-testid="${id}"[^]*?</section>`).exec(html(name))?.[0] ?? "";
    expect(tag(card("consulted-agent", "colleague-card"), "quality-customer")).toContain('data-warning="sending-loss"');
    expect(tag(card("consulted-agent", "customer-card"), "quality-customer")).toBe(""); // one leg, one mark
    expect(tag(card("poor-connection", "customer-card"), "quality-customer")).toContain('data-warning="sending-loss"');
  });

  it("[AG-2] [DF-11] says at sign-in why the session before it ended", () => {
    expect(tag(html("sign-in-ended"), "sign-in-ended")).toContain('data-why="password-changed"');
    expect(html("sign-in-ended", "nb")).toContain("Passordet ditt er endret.");
    expect(tag(html("sign-in"), "sign-in-ended")).toBe("");
  });

  it("[CF-1] says in words who hears whom in a conference", () => {
    const text = html("conference").replace(/<[^>]*>/g, " ");
    expect(text).toContain("hears Ingrid Solberg and Bjørn Dahl");
    expect(text).toContain("hears you and Bjørn Dahl");
  });

  it("[MX-1] says that the held customer hears music", () => {
    expect(/<li[^>]*data-role="customer"[^>]*>/.exec(html("consult-answered"))?.[0]).toContain('data-hears="music"');
  });

  it("[WU-1] opens the wrap-up with the default reason, and a call can be accepted beside it", () => {
    const markup = html("wrap-up-and-call");
    expect(/<input[^>]*value="solved"[^>]*>/.exec(markup)?.[0]).toContain("checked");
    expect(tag(markup, "accept")).not.toBe("");
    expect(tag(markup, "wrap-up-dialog")).toContain('role="dialog"');
  });

  it("[OB-1] shows who is being called, since when, and the way out", () => {
    const markup = html("dialling");
    expect(tag(markup, "phase")).toContain('data-phase="dialling"');
    expect(markup).toMatch(/<h2>\+47 99 88 77 66</);
    expect(tag(markup, "control-end")).toContain('aria-disabled="false"');
    expect(tag(markup, "control-hold") + tag(markup, "control-consult")).toBe("");
    expect(html("dialling-desk-phone")).toContain("Your desk phone rings first");
  });

  it("[IN-1] calls a colleague a colleague, with nothing but the keypad and the way out", () => {
    const markup = html("internal");
    expect(tag(markup, "customer-card")).toContain('aria-label="Colleague"');
    expect(tag(markup, "control-hold") + tag(markup, "control-consult")).toBe("");
    expect(tag(markup, "control-end")).toContain('aria-disabled="false"');
  });

  it("[CO-4] calls an outside party by name or number, and never a colleague", () => {
    const card = (name: string) => /data-testid="consult-card"[^]*?<\/section>/.exec(html(name))?.[0] ?? "";
    expect(card("consult-expert")).toMatch(/<h2>Marit Lie</);
    expect(card("consult-expert")).toContain("+4722001122 · In consultation");
    expect(card("consult-number-ringing").match(/\+4799887766/g)).toHaveLength(1);
    const conference = html("conference-outside");
    expect(tag(conference, "colleague-card")).toContain('data-side="outside"');
    expect(conference).toContain("Outside party");
  });

  it("[BT-1] shows who is called, and offers the way back and nothing else", () => {
    const markup = html("blind-transferring");
    expect(tag(markup, "colleague-card")).toContain('data-side="transfer"');
    expect(tag(markup, "control-back-to-customer")).toContain('aria-disabled="false"');
    for (const name of ["hold", "consult", "transfer", "end", "dtmf"]) expect(tag(markup, `control-${name}`)).toBe("");
    expect(html("incoming-transfer")).toContain("Cecilie Strand transfers this customer to you");
  });

  it("[CO-5] asks the consulted agent, also beside an open wrap-up, with the time that is left", () => {
    for (const name of ["transfer-question", "transfer-question-and-wrap-up"]) {
      const markup = html(name);
      expect(markup).toContain("Cecilie Strand transfers the customer to you");
      expect(markup).toMatch(/Declined by itself in 00:1[56]/);
      expect(tag(markup, "control-accept-transfer")).toContain('aria-disabled="false"');
      expect(tag(markup, "control-decline-transfer")).toContain('aria-disabled="false"');
    }
    expect(tag(html("transfer-question-and-wrap-up"), "wrap-up-dialog")).not.toBe("");
    expect(tag(html("consulted-agent"), "transfer-question")).toBe("");
  });

  it("[CO-5] tells the owner that it is being asked", () => {
    expect(html("transfer-asked")).toMatch(/<h1[^>]*>Asking Bjørn Dahl to take the customer…</);
    expect(html("transfer-asked", "nb")).toMatch(/<h1[^>]*>Spør om Bjørn Dahl tar kunden …</);
    expect(html("transferring")).toMatch(/<h1[^>]*>Transferring…</);
  });

  it("[AG-2] has no accept and no mute where the call rings at a desk phone", () => {
    const markup = html("incoming-desk-phone");
    expect(tag(markup, "accept") + tag(markup, "control-mute")).toBe("");
    expect(markup).toContain("Ringing at your desk phone");
  });
});

describe("what the page says of people and states", () => {
  it("[AG-1] offers no state to choose where the server would refuse it", () => {
    for (const name of ["incoming", "connected", "wrap-up"]) {
      expect(tag(html(name), "agent-state")).toMatch(/^<p [^]*data-state=/);
    }
    for (const name of ["available", "idle", "rona"]) expect(tag(html(name), "agent-state")).toMatch(/^<button /);
  });

  it("[CO-3] tells the consulted agent that they are on hold, and with whom the others speak", () => {
    const markup = html("consulted-on-hold");
    expect(markup).toMatch(/<h1[^>]*>On hold</);
    expect(html("consulted-on-hold", "nb")).toMatch(/<h1[^>]*>Du er på vent</);
    const card = /data-testid="colleague-card"[^]*?<\/section>/.exec(markup)?.[0] ?? "";
    expect(card).toContain("Speaking with Ingrid Solberg");
    expect(card).not.toContain("Talking");
  });

  it("gives a colleague one colour, from the ringing to the end", () => {
    for (const name of ["incoming-consult", "consulted-agent", "consult-answered", "conference"]) {
      expect(html(name)).toContain("avatar-colleague");
    }
    expect(html("consulted-agent").match(/avatar-me"[^>]*>AB</g)).toHaveLength(2); // top bar and strip
  });
});

describe("small things", () => {
  it("writes times as the reader's own English does, or Norwegian", () => {
    expect(timeLocale("en", "en-US")).toBe("en-US");
    expect(timeLocale("en", "nb-NO")).toBe("en-GB");
    expect(timeLocale("nb", "en-US")).toBe("nb-NO");
  });

  it("makes initials of names and none of numbers", () => {
    expect(["Anna Berg", "Øyvind van der Ås", "+47 22", "ida"].map(initialsOf)).toEqual(["AB", "ØÅ", "", "I"]);
  });

  it("prefers the stored language, then the browser's, Norwegian in any of its codes", () => {
    expect(preferredLanguage("nb", ["en"])).toBe("nb");
    expect(preferredLanguage(null, ["de", "no-NO", "en"])).toBe("nb");
    expect(preferredLanguage("xx", ["nn"])).toBe("nb");
    expect(preferredLanguage(null, ["fr"])).toBe("en");
  });
});
