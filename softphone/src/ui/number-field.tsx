import { useId, useLayoutEffect, useRef } from "react";
import { Input, Label, TextField } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { withPaste } from "../model/dialled.js";
import type { Outcome } from "./use-number-check.js";

interface Props {
  readonly text: string;
  readonly type: (text: string) => void;
  readonly outcome: Outcome | undefined;
  /** Enter was pressed. */
  readonly submit: () => void;
  readonly autoFocus: boolean;
}

/** A number as it is typed or pasted, and below it the number as it will be dialled, or what is wrong (DN). */
export function NumberField({ text, type, outcome, submit, autoFocus }: Props) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const caret = useRef<number | null>(null);
  const outcomeId = useId();
  useLayoutEffect(() => {
    if (caret.current !== null) input.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  }, [text]);
  const wrong = typeof outcome === "object" && !outcome.ok;
  return (
    <TextField
      className="field number"
      value={text}
      onChange={type}
      isInvalid={wrong}
      aria-describedby={outcomeId}
      autoFocus={autoFocus}
    >
      <Label>{t("targets.search.number")}</Label>
      <Input
        ref={input}
        data-testid="consult-number"
        autoComplete="off"
        spellCheck={false}
        maxLength={128}
        onPaste={(event) => {
          event.preventDefault();
          const { selectionStart, selectionEnd } = event.currentTarget;
          const paste = event.clipboardData.getData("text");
          const next = withPaste(text, selectionStart ?? text.length, selectionEnd ?? text.length, paste);
          caret.current = next.caret;
          type(next.text);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
          event.preventDefault();
          submit();
        }}
      />
      <OutcomeText id={outcomeId} outcome={outcome} />
    </TextField>
  );
}

function OutcomeText({ id, outcome }: { id: string; outcome: Outcome | undefined }) {
  const { t } = useTranslation();
  const wrong = outcome === "unchecked" || (typeof outcome === "object" && !outcome.ok);
  const state = typeof outcome === "object" ? (outcome.ok ? "ok" : outcome.error) : (outcome ?? "none");
  return (
    <p
      id={id}
      className={`number-outcome${wrong ? " number-wrong" : ""}`}
      role="status"
      aria-busy={outcome === "checking"}
      data-testid="consult-number-check"
      data-check={state}
    >
      {textOf(outcome, t)}
    </p>
  );
}

function textOf(outcome: Outcome | undefined, t: ReturnType<typeof useTranslation>["t"]): string {
  if (outcome === undefined) return t("number.hint");
  if (outcome === "checking") return t("number.checking");
  if (outcome === "unchecked") return t("number.unchecked");
  if (!outcome.ok) return t(`number.errors.${outcome.error}`);
  const { kind, display: number, postDial } = outcome;
  const parts = postDial.match(/:+|[^:]+/g) ?? [];
  const keys = parts
    .map((part) => (part.startsWith(":") ? t("number.pause", { seconds: part.length }) : part))
    .join(", ");
  if (kind === "extension") {
    return keys ? t("number.extensionThenKeys", { number, keys }) : t("number.extension", { number });
  }
  return keys ? t("number.dialledThenKeys", { number, keys }) : t("number.dialled", { number });
}
